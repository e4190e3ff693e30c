-- How the videos of a recording were watched, as rows: a step of consume_telemetry(). What is of no exercise of the session is left out. TEL-05, TEL-11.

create or replace function app_private.write_media_metrics(
  recording app_public.exercise_sessions, session app_public.patient_sessions, version int, result jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.media_session_metrics
    (organization_id, exercise_session_id, place, algorithm_version, watched_ms, duration_ms, watched_percentage, stalls, stalled_ms, rates)
  select (recording).organization_id, (recording).id, asked.place, write_media_metrics.version,
         round((told.value ->> 'watched')::numeric * 1000)::bigint, round((told.value ->> 'durationMs')::numeric)::bigint,
         least(100, round((told.value ->> 'watched')::numeric * 100000 / nullif((told.value ->> 'durationMs')::numeric, 0)))::int,
         jsonb_array_length(told.value -> 'stalls'),
         (select coalesce(sum(round((stall.value ->> 'lengthMs')::numeric)), 0)::bigint from jsonb_array_elements(told.value -> 'stalls') as stall),
         told.value -> 'rates'
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_media_metrics.result -> 'media') as told on (told.value ->> 'place')::int = asked.place
  on conflict on constraint media_session_metrics_are_written_once do nothing;

  insert into app_public.media_buffering_events
    (organization_id, exercise_session_id, session_started_at, place, algorithm_version, number, stalled_at, length_ms)
  select (recording).organization_id, (recording).id, (recording).started_at, asked.place, write_media_metrics.version, stall.number,
         app_private.instant_of(stall.value -> 'atMs'), round((stall.value ->> 'lengthMs')::numeric)::bigint
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_media_metrics.result -> 'media') as told on (told.value ->> 'place')::int = asked.place
  cross join lateral jsonb_array_elements(told.value -> 'stalls') with ordinality as stall (value, number)
  on conflict on constraint media_buffering_events_pkey do nothing;
end;
$$;

comment on function app_private.write_media_metrics is 'Writes how each video was watched, and each time that it stood still, once for each version.';
grant execute on function app_private.write_media_metrics to app_engine;
