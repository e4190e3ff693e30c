-- The platform's plans for staff of every clinic; a clinic's own for its staff with treatment_plans.view; one that is written for a patient
-- for that patient as well, as any that they were assigned. Written by verbs only. TPL-01.

select app_private.classify('app_public.treatment_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "slug", "created_by", "created_at", "updated_at"],
    "phi": ["scope", "patient_profile_id", "name", "description"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.treatment_plans', 'patient_profile_id', 'moves');
select app_private.protect('app_public.treatment_plans', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.treatment_plans to app_member;

create policy treatment_plans_select_staff on app_public.treatment_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plans_select_staff_of_any on app_public.treatment_plans for select to app_member
  using (organization_id is null and (select cardinality(app_hidden.rights('treatment_plans.view')) > 0));

create policy treatment_plans_select_superadmin on app_public.treatment_plans for select to app_member
  using (organization_id is null and (select app_hidden.is_superadmin()));

create policy treatment_plans_select_person on app_public.treatment_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

create policy treatment_plans_select_assigned on app_public.treatment_plans for select to app_member
  using (
    id in (
      select mine.treatment_plan_id from app_public.patient_treatment_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _150_fixed_id before insert on app_public.treatment_plans
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');
