-- How a patient gets on with an exercise, recording by recording: what was counted beside what was prescribed, and the pain. What the newest version of
-- the algorithm says of each: a point of a curve is never of two versions. TEL-07, TEL-04.

create or replace function app_public.exercise_trend(patient_id uuid, exercise_id uuid) returns setof app_public.exercise_trend_point
language sql stable rows 100
set search_path = ''
begin atomic
  select row(points.id, points.started_at, points.place, points.reps, points.sets, points.range_degrees, points.confidence,
    points.algorithm_version, (points.prescription ->> 'reps')::int * (points.prescription ->> 'sets')::int,
    points.pain_before, points.pain_after)::app_public.exercise_trend_point
  from (
    select distinct on (recordings.started_at, recordings.id, metrics.place)
      recordings.id, recordings.started_at, metrics.place, metrics.reps, metrics.sets, metrics.range_degrees, metrics.confidence,
      metrics.algorithm_version, app_public.patient_sessions_exercises(sessions) -> (metrics.place - 1) -> 'prescription' as prescription,
      sessions.pain_before, sessions.pain_after
    from app_public.patients
    join app_public.exercise_sessions as recordings
      on recordings.organization_id = patients.organization_id and recordings.patient_profile_id = patients.patient_profile_id
    join app_public.patient_sessions as sessions
      on sessions.organization_id = recordings.organization_id and sessions.id = recordings.patient_session_id
    join app_public.pose_session_metrics as metrics
      on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
    where patients.id = exercise_trend.patient_id and metrics.exercise_id = exercise_trend.exercise_id
    order by recordings.started_at desc, recordings.id, metrics.place, metrics.algorithm_version desc
    limit 500
  ) as points
  order by points.started_at, points.id, points.place;
end;

comment on function app_public.exercise_trend is
  E'@arg exerciseId The exercise.\n'
  'How a patient gets on with an exercise, the oldest recording first: the newest 500. Nothing for whoever sees none of their recordings.';
grant execute on function app_public.exercise_trend to app_member;
