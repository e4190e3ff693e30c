-- The exercises of a version, for staff: patients read the snapshot. Written with the draft. TPL-01.

select app_private.classify('app_public.treatment_plan_exercises', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "version_id"],
    "phi": ["session_position", "position", "exercise_id", "prescription"]}');
select app_private.protect('app_public.treatment_plan_exercises', engine => 'select, insert, delete');

grant select on app_public.treatment_plan_exercises to app_member;

create policy treatment_plan_exercises_select_staff on app_public.treatment_plan_exercises for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy treatment_plan_exercises_select_staff_of_any on app_public.treatment_plan_exercises for select to app_member
  using (
    organization_id is null
    and version_id in (
      select version.id from app_public.treatment_plan_versions as version where version.organization_id is null)
  );

create or replace trigger _300_keep before insert or update or delete on app_public.treatment_plan_exercises
  for each row execute function app_private.tg_only_of_drafts();

create or replace trigger _300_keeps_every_row before truncate on app_public.treatment_plan_exercises
  for each statement execute function app_private.tg_frozen();
