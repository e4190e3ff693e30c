-- Read as the plan is: patients read the versions that they were assigned, superadmins alone the platform's drafts. Written by verbs; what
-- was submitted is never changed. TPL-01, TPL-02.

select app_private.classify('app_public.treatment_plan_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "treatment_plan_id", "number", "status", "content_hash", "submitted_by",
                    "submitted_at", "approved_by", "approved_at", "retired_by", "retired_at", "created_at", "updated_at"],
    "phi": ["sessions_snapshot", "retire_reason"]}');
select app_private.protect('app_public.treatment_plan_versions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, scope_id, treatment_plan_id, number, status, sessions_snapshot, submitted_by, submitted_at, approved_by,
              approved_at, retired_by, retired_at, retire_reason, created_at, updated_at)
   on app_public.treatment_plan_versions to app_member;

create policy treatment_plan_versions_select_staff on app_public.treatment_plan_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_versions_select_staff_of_any on app_public.treatment_plan_versions for select to app_member
  using (
    organization_id is null and status <> 'draft'
    and (select cardinality(app_hidden.rights('treatment_plans.view')) > 0)
  );

create policy treatment_plan_versions_select_superadmin on app_public.treatment_plan_versions for select to app_member
  using (organization_id is null and (select app_hidden.is_superadmin()));

create policy treatment_plan_versions_select_assigned on app_public.treatment_plan_versions for select to app_member
  using (
    id in (
      select mine.version_id from app_public.patient_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _150_fixed_id before insert on app_public.treatment_plan_versions
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('treatment_plan_id', 'number');

create or replace trigger _300_keep before update or delete on app_public.treatment_plan_versions
  for each row execute function app_private.tg_treatment_plan_versions__keep();

create or replace trigger _300_keeps_every_version before truncate on app_public.treatment_plan_versions
  for each statement execute function app_private.tg_frozen();
