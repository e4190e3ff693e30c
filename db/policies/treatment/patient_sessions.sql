-- The sessions of patients: staff with treatment_plans.view, and the person. Written by verbs, by appointments and by time. EXE-02, EXE-04.
-- What a merge of patients does with them stands with the plans that they follow, whose file runs after this one.

select app_private.classify('app_public.patient_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "created_at", "updated_at"],
    "phi": ["patient_treatment_plan_id", "patient_profile_id", "version_id", "position", "is_extra", "due_on", "place", "appointment_id",
            "status", "started_at", "acknowledged_ids", "completed_at", "completed_by", "completion_reason", "pain_before", "pain_after",
            "form_id"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.patient_sessions', engine => 'select, insert, update', guard => true);

-- Whole rows, since what is to be done in it is asked of a row.
grant select on app_public.patient_sessions to app_member;

create policy patient_sessions_select_staff on app_public.patient_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_sessions_select_person on app_public.patient_sessions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

-- What rules read of it: a changed row marks its patient for the segments that do. SEG-03.
create or replace trigger _900_segments_treatment_insert after insert on app_public.patient_sessions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_update after update on app_public.patient_sessions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_delete after delete on app_public.patient_sessions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
