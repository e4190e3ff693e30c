-- What the camera made of exercises: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.pose_session_metrics', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "algorithm_version", "created_at"],
    "phi": ["exercise_session_id", "place", "exercise_id", "reps", "sets", "range_degrees", "joint", "side", "signal", "confidence", "view", "frames_with_person", "frames_without_person", "frames_dropped", "gaps"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.pose_session_metrics', engine => 'select, insert');

grant select on app_public.pose_session_metrics to app_member;

create policy pose_session_metrics_select_staff on app_public.pose_session_metrics for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy pose_session_metrics_select_person on app_public.pose_session_metrics for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
