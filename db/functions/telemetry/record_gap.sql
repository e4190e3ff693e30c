-- Batches of a recording that never came, as telemetry finds them at its end. Told again, nothing changes. TEL-02, TEL-05.

set role app_engine;

create or replace function app_telemetry.record_gap(sid uuid, "from" int, "to" int) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings
  set gaps = recordings.gaps || jsonb_build_array(jsonb_build_array(record_gap."from", record_gap."to"))
  where recordings.id = record_gap.sid
    and record_gap."from" between 0 and record_gap."to"
    and jsonb_array_length(recordings.gaps) < 10000
    and not recordings.gaps @> jsonb_build_array(jsonb_build_array(record_gap."from", record_gap."to"));
end;

comment on function app_telemetry.record_gap is 'Notes that these batches of a recording never came, once.';
grant execute on function app_telemetry.record_gap to app_telemetry;

reset role;
