-- Whose a treatment plan is, and who may do something to it: the platform's superadmins, a clinic's staff by permission. TPL-01, FND-04.

create or replace function app_private.require_right_to_plan(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_right_to_plan.organization_id is not null then
    perform app_private.require_permission(require_right_to_plan.organization_id, require_right_to_plan.permission);
  elsif not app_hidden.is_superadmin() then
    if app_hidden.organization_ids_where('treatment_plans.view') = '{}' then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_right_to_plan is
  'Passes with the permission at the clinic, of the platform for superadmins; FORBIDDEN permission_missing or superadmin_only, NOT_FOUND.';
grant execute on function app_private.require_right_to_plan to app_engine;

create or replace function app_private.plan_to_write(treatment_plan_id uuid, permission text) returns app_public.treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans;
begin
  select treatment_plans.* into v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_right_to_plan(v_plan.organization_id, plan_to_write.permission);
  select treatment_plans.* into strict v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id
  for no key update;
  return v_plan;
end;
$$;

comment on function app_private.plan_to_write is
  'A treatment plan, locked: its versions are numbered and moved under this lock. NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.plan_to_write to app_engine;

create or replace function app_private.version_to_move(version_id uuid, permission text) returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select treatment_plan_versions.* into v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id;
  -- Of no version there is no plan, which is not found either.
  perform app_private.plan_to_write(v_version.treatment_plan_id, version_to_move.permission);
  select treatment_plan_versions.* into strict v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id
  for update;
  return v_version;
end;
$$;

comment on function app_private.version_to_move is
  'A version of a treatment plan, locked with its plan; NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.version_to_move to app_engine;
