-- What recordings of a session say goes into its log, beside what the patient entered, which stays. Of each recording the newest version counts, and of
-- several what they counted together. Where the camera counted nothing, what the patient says is what was done: somebody who stood
-- out of its sight did not do nothing. TEL-11, EXE-02.

create or replace function app_private.log_what_was_recorded(session app_public.patient_sessions) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.patient_exercise_logs as logs
    (organization_id, patient_session_id, place, exercise_id, prescribed, actual_sets, actual_reps, actual_source, video_watch_percentage, pose_summary)
  select (session).organization_id, (session).id, asked.place, (asked.value ->> 'exerciseId')::uuid, asked.value -> 'prescription',
         case when pose.reps is not null then least(pose.sets, 100) end, case when pose.reps is not null then least(pose.reps, 10000) end,
         case when pose.reps is not null then 'pose' end, media.watched, pose.summary
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  cross join lateral (
    select nullif(sum(newest.reps), 0)::int as reps, nullif(sum(newest.sets), 0)::int as sets,
      (array_agg(jsonb_build_object(
        'reps', newest.reps, 'sets', newest.sets, 'range', newest.range_degrees, 'joint', newest.joint, 'side', newest.side,
        'confidence', newest.confidence, 'view', newest.view, 'algorithmVersion', newest.algorithm_version)
        order by newest.reps desc, newest.confidence desc, newest.id))[1] as summary
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.pose_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as pose
  cross join lateral (
    select max(newest.watched_percentage) as watched
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.media_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as media
  where num_nonnulls(pose.summary, media.watched) > 0
  on conflict on constraint patient_exercise_logs_place_is_used_once do update set
    actual_sets = case when excluded.actual_source = 'pose' then excluded.actual_sets else logs.entered_sets end,
    actual_reps = case when excluded.actual_source = 'pose' then excluded.actual_reps else logs.entered_reps end,
    actual_seconds = logs.entered_seconds,
    actual_source = case
      when excluded.actual_source = 'pose' then 'pose'
      when num_nonnulls(logs.entered_sets, logs.entered_reps, logs.entered_seconds) > 0 then 'patient' end,
    video_watch_percentage = coalesce(excluded.video_watch_percentage, logs.video_watch_percentage),
    pose_summary = coalesce(excluded.pose_summary, logs.pose_summary);
end;
$$;

comment on function app_private.log_what_was_recorded is
  'Brings the log of a session to what its recordings say: repetitions and sets where the camera counted some, and how much of the video was watched.';
grant execute on function app_private.log_what_was_recorded to app_engine;
