-- What was done in sessions: staff with treatment_plans.view, and the person. Written by verbs. EXE-02.

select app_private.classify('app_public.patient_exercise_logs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "client_id", "created_at", "updated_at"],
    "phi": ["patient_session_id", "place", "exercise_id", "prescribed", "entered_sets", "entered_reps", "entered_seconds", "actual_sets",
            "actual_reps", "actual_seconds", "actual_source", "note", "video_watch_percentage", "pose_summary", "performed_at"]}');
select app_private.protect('app_public.patient_exercise_logs', engine => 'select, insert, update');

grant select on app_public.patient_exercise_logs to app_member;

create policy patient_exercise_logs_select_staff on app_public.patient_exercise_logs for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_exercise_logs_select_person on app_public.patient_exercise_logs for select to app_member
  using (
    patient_session_id in (
      select mine.id from app_public.patient_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
