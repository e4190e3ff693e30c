-- What was recorded of patients' sessions at home: staff with exercise_sessions.view, and the person. Written by the start of a session and
-- by what telemetry tells. Where the movement lies, and by whom it is finalized, is nobody's to read: it is played by a link. EXE-05, TEL-07.

select app_private.classify('app_public.exercise_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "viewer_id", "expires_at", "claimed_by", "claimed_at", "surface", "replay_class", "replay_object_key",
                    "replay_sha256", "replay_bytes", "created_at", "updated_at"],
    "phi": ["patient_session_id", "patient_profile_id", "scopes", "tracked", "started_at", "ended_at", "gaps", "replay_state"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.exercise_sessions', 'patient_profile_id', 'follows');
select app_private.protect('app_public.exercise_sessions', engine => 'select, insert, update');

grant select (id, organization_id, patient_session_id, patient_profile_id, scopes, started_at, expires_at, ended_at, gaps, replay_state,
              replay_bytes, created_at, updated_at)
  on app_public.exercise_sessions to app_member;

create policy exercise_sessions_select_staff on app_public.exercise_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy exercise_sessions_select_person on app_public.exercise_sessions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
