-- Recordings of sessions as HTTP tells them: to the person and those who care for them, and to staff of the clinic, whose reading is on record. Of
-- each exercise what the newest version of the algorithm says. FND-31, TEL-07, FND-08.

create or replace function app_private.shown_recording(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'id', (recording).id, 'organization_id', (recording).organization_id, 'patient_profile_id', (recording).patient_profile_id,
    'patient_session_id', (recording).patient_session_id, 'scopes', (recording).scopes, 'started_at', (recording).started_at,
    'ended_at', (recording).ended_at, 'replay_state', (recording).replay_state,
    'pain_before', sessions.pain_before, 'pain_after', sessions.pain_after,
    'exercises', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'place', asked.place, 'slug', asked.value ->> 'slug', 'reps', pose.reps, 'sets', pose.sets, 'range_degrees', pose.range_degrees,
        'joint', pose.joint, 'side', pose.side, 'confidence', pose.confidence, 'watched_percentage', media.watched_percentage,
        'algorithm_version', coalesce(pose.algorithm_version, media.algorithm_version)) order by asked.place), '[]')
      from jsonb_array_elements(app_public.patient_sessions_exercises(sessions)) with ordinality as asked (value, place)
      left join lateral (
        select metrics.* from app_public.pose_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as pose on true
      left join lateral (
        select metrics.* from app_public.media_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as media on true))
  from app_public.patient_sessions as sessions
  where sessions.organization_id = (recording).organization_id and sessions.id = (recording).patient_session_id;
end;

comment on function app_private.shown_recording is 'A recording with what each exercise of it came to, by the newest version of the algorithm.';
grant execute on function app_private.shown_recording to app_engine;

set role app_engine;

create or replace function app_hidden.my_exercise_sessions() returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(jsonb_agg(app_private.shown_recording(mine.recording) order by mine.started_at desc, mine.id desc), '[]')
  from (
    select recordings as recording, recordings.started_at, recordings.id
    from app_public.exercise_sessions as recordings
    where recordings.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
      and recordings.organization_id = any (app_hidden.current_patient_organization_ids())
    order by recordings.started_at desc, recordings.id desc
    limit 100
  ) as mine;
end;

comment on function app_hidden.my_exercise_sessions is 'What was recorded of the caller, and of whom they care for: the newest 100, newest first.';
grant execute on function app_hidden.my_exercise_sessions to app_member;

create or replace function app_hidden.patient_exercise_sessions(patient_id uuid) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = patient_exercise_sessions.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_patient.organization_id, 'exercise_sessions.view');
  perform audit.record_read(
    v_patient.organization_id, 'app_public.exercise_sessions', null, 'exercise_sessions', v_patient.patient_profile_id);
  return (
    select coalesce(jsonb_agg(app_private.shown_recording(theirs) order by theirs.started_at desc, theirs.id desc), '[]')
    from (
      select recordings.*
      from app_public.exercise_sessions as recordings
      where recordings.organization_id = v_patient.organization_id and recordings.patient_profile_id = v_patient.patient_profile_id
      order by recordings.started_at desc, recordings.id desc
      limit 100
    ) as theirs);
end;
$$;

comment on function app_hidden.patient_exercise_sessions is
  'What was recorded of a patient of the clinic: the newest 100, newest first; the reading is on record. Needs exercise_sessions.view; NOT_FOUND.';
grant execute on function app_hidden.patient_exercise_sessions to app_member;

reset role;
