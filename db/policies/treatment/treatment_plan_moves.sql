-- Which version a patient's plan left for which, for whoever reads the plan. Never changed. EXE-01.

select app_private.classify('app_public.treatment_plan_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "moved_by"],
    "phi": ["patient_treatment_plan_id", "from_version_id", "to_version_id", "reason", "moved_at"]}',
  unaudited => 'Is itself a log, which nobody can change.');
select app_private.protect('app_public.treatment_plan_moves', engine => 'select, insert');

grant select on app_public.treatment_plan_moves to app_member;

create policy treatment_plan_moves_select_staff on app_public.treatment_plan_moves for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_moves_select_person on app_public.treatment_plan_moves for select to app_member
  using (
    patient_treatment_plan_id in (
      select mine.id from app_public.patient_treatment_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.treatment_plan_moves
  for each statement execute function app_private.tg_frozen();
