-- A recording is done: its result was published before, and where its movement lies is known. Told again, nothing changes. TEL-02, TEL-05, TEL-07.

set role app_engine;

create or replace function app_telemetry.finalized(sid uuid, object_key text, sha256 text, bytes bigint) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings set
    ended_at = app_hidden.now(),
    replay_state = case when finalized.object_key is null then 'none' else 'kept' end,
    replay_object_key = finalized.object_key,
    replay_sha256 = case when finalized.object_key is not null then finalized.sha256 end,
    replay_bytes = case when finalized.object_key is not null then finalized.bytes end
  where recordings.id = finalized.sid and recordings.ended_at is null;
end;

comment on function app_telemetry.finalized is 'Ends a recording, and says where its movement can be played from; null: from nowhere.';
grant execute on function app_telemetry.finalized to app_telemetry;

reset role;
