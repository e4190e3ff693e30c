-- Somebody who wrote nothing of a version approves it, or sends it back; what was approved is retired, and is not assigned any more. TPL-02.

set role app_engine;

create or replace function app_public.approve_treatment_plan(version_id uuid) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions := app_private.version_to_move(approve_treatment_plan.version_id, 'treatment_plans.approve');
begin
  if v_version.status = 'approved' then
    return v_version;
  elsif exists (
    select from app_private.treatment_plan_authors as authors
    where authors.scope_id = v_version.scope_id and authors.version_id = v_version.id
      and authors.author_id = app_private.current_actor_id()
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'own_version');
  end if;
  update app_public.treatment_plan_versions as versions
  set status = 'approved', approved_by = app_private.current_actor_id(), approved_at = app_hidden.now()
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.approve_treatment_plan is
  'Approves a submitted version of a treatment plan, so that it can be assigned. Needs treatment_plans.approve, the platform''s a superadmin. '
  'FORBIDDEN own_version for whoever wrote of it; STATE illegal_move. A second time answers the same.';
grant execute on function app_public.approve_treatment_plan to app_member;

create or replace function app_public.retire_treatment_plan(version_id uuid, reason text) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions := app_private.version_to_move(retire_treatment_plan.version_id, 'treatment_plans.approve');
begin
  update app_public.treatment_plan_versions as versions
  set status = 'retired', retired_by = app_private.current_actor_id(), retired_at = app_hidden.now(),
      retire_reason = app_private.require_reason(retire_treatment_plan.reason)
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.retire_treatment_plan is
  'Sends a submitted version back, or keeps an approved one from being assigned; whoever has it goes on with it. Needs '
  'treatment_plans.approve, the platform''s a superadmin, and a reason. STATE illegal_move.';
grant execute on function app_public.retire_treatment_plan to app_member;

reset role;
