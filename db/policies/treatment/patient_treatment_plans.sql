-- What patients were assigned: staff with treatment_plans.view, and the person. Written by verbs and by time. EXE-01.

select app_private.classify('app_public.patient_treatment_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "tended_on", "assigned_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "treatment_plan_id", "version_id", "patient_service_plan_id", "form_template_id", "starts_on", "ends_on",
            "weekdays", "allows_extra_sessions", "status", "status_reason", "paused_on", "low_adherence_since"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_treatment_plans', 'patient_profile_id', 'moves');
select app_private.on_merge('app_public.patient_sessions', 'patient_profile_id', 'follows');
select app_private.protect('app_public.patient_treatment_plans', engine => 'select, insert, update', guard => true);

-- Whole rows, since adherence and what remains are asked of a row.
grant select on app_public.patient_treatment_plans to app_member;

create policy patient_treatment_plans_select_staff on app_public.patient_treatment_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_treatment_plans_select_person on app_public.patient_treatment_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

-- What rules read of it: a changed row marks its patient for the segments that do. SEG-03.
create or replace trigger _900_segments_treatment_insert after insert on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_update after update on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_delete after delete on app_public.patient_treatment_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_left after update on app_public.patient_treatment_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('treatment', 'patient_profile_id');
