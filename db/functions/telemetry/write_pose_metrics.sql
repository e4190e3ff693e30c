-- What the camera made of the exercises of a recording, as rows: a step of consume_telemetry(). What is of no exercise of the session is left out. TEL-04, TEL-05.

-- Instants are those of the browser's clock, in milliseconds since 1970.
create or replace function app_private.instant_of(milliseconds jsonb) returns timestamptz
language sql immutable strict parallel safe
set search_path = ''
return to_timestamp(((milliseconds #>> '{}')::numeric / 1000)::double precision);

comment on function app_private.instant_of is 'The instant of a number of milliseconds since 1970, out of JSON.';
grant execute on function app_private.instant_of to app_engine;

-- A pause that is longer than half of the rest that is prescribed, and than five seconds, divides sets.
create or replace function app_private.sets_of(reps jsonb, prescription jsonb) returns int
language sql immutable
set search_path = ''
begin atomic
  select coalesce(count(*) filter (
    where pauses.before is null
      or pauses.before > greatest(5000, coalesce((sets_of.prescription ->> 'restSeconds')::numeric, 0) * 500)), 0)::int
  from (
    select (rep.value ->> 'startMs')::numeric - lag((rep.value ->> 'endMs')::numeric) over (order by (rep.value ->> 'startMs')::numeric) as before
    from jsonb_array_elements(sets_of.reps) as rep
  ) as pauses;
end;

comment on function app_private.sets_of is 'Into how many sets repetitions fall, by the pauses between them and the rest that is prescribed.';
grant execute on function app_private.sets_of to app_engine;

create or replace function app_private.write_pose_metrics(
  recording app_public.exercise_sessions, session app_public.patient_sessions, version int, result jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.pose_session_metrics
    (organization_id, exercise_session_id, place, algorithm_version, exercise_id, reps, sets, range_degrees, joint, side, signal, confidence,
     view, frames_with_person, frames_without_person, frames_dropped, gaps)
  select (recording).organization_id, (recording).id, asked.place, write_pose_metrics.version, (asked.value ->> 'exerciseId')::uuid,
         jsonb_array_length(told.value -> 'reps'), app_private.sets_of(told.value -> 'reps', asked.value -> 'prescription'),
         (told.value ->> 'range')::numeric, told.value -> 'measured' ->> 'joint', told.value -> 'measured' ->> 'side', told.value ->> 'signal',
         (told.value ->> 'confidence')::numeric, told.value ->> 'view', (told.value -> 'frames' ->> 'withPerson')::int,
         (told.value -> 'frames' ->> 'withoutPerson')::int, (told.value -> 'frames' ->> 'dropped')::int, (told.value ->> 'gaps')::int
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_pose_metrics.result -> 'exercises') as told on (told.value ->> 'place')::int = asked.place
  on conflict on constraint pose_session_metrics_are_written_once do nothing;

  insert into app_public.pose_rep_metrics
    (organization_id, exercise_session_id, session_started_at, place, algorithm_version, number, started_at, turned_at, ended_at, range_degrees)
  select (recording).organization_id, (recording).id, (recording).started_at, asked.place, write_pose_metrics.version, rep.number,
         app_private.instant_of(rep.value -> 'startMs'), app_private.instant_of(rep.value -> 'turnMs'),
         app_private.instant_of(rep.value -> 'endMs'), (rep.value ->> 'range')::numeric
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  join jsonb_array_elements(write_pose_metrics.result -> 'exercises') as told on (told.value ->> 'place')::int = asked.place
  cross join lateral jsonb_array_elements(told.value -> 'reps') with ordinality as rep (value, number)
  on conflict on constraint pose_rep_metrics_pkey do nothing;
end;
$$;

comment on function app_private.write_pose_metrics is 'Writes what the camera made of each exercise, and each repetition, once for each version.';
grant execute on function app_private.write_pose_metrics to app_engine;
