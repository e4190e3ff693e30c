-- What a plan asks for is written anew: into its draft, or into a new version beside those that patients have. TPL-01, TPL-02.

set role app_engine;

create or replace function app_public.edit_treatment_plan(
  treatment_plan_id uuid,
  name text,
  sessions jsonb,
  description text default null
) returns app_public.treatment_plan_versions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans := app_private.plan_to_write(edit_treatment_plan.treatment_plan_id, 'treatment_plans.manage');
  v_version app_public.treatment_plan_versions;
begin
  select versions.* into strict v_version
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_plan.scope_id and versions.treatment_plan_id = v_plan.id
  order by versions.number desc
  limit 1;
  if v_version.status = 'submitted' then
    perform app_hidden.refuse('STATE', 'version_waits_for_approval', jsonb_build_object('versionId', v_version.id));
  elsif v_version.status <> 'draft' then
    insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number)
    values (v_plan.organization_id, v_plan.id, v_version.number + 1)
    returning * into v_version;
  end if;
  update app_public.treatment_plans set name = edit_treatment_plan.name, description = edit_treatment_plan.description
  where treatment_plans.id = v_plan.id;
  perform app_private.write_treatment_sessions(v_version, edit_treatment_plan.sessions);
  return v_version;
end;
$$;

comment on function app_public.edit_treatment_plan is
  E'@arg sessions As draftTreatmentPlan takes them.\n'
  'Writes the draft of a treatment plan anew, or begins its next version; what patients were assigned stays as it is. Needs '
  'treatment_plans.manage, the platform''s a superadmin. STATE version_waits_for_approval; VALIDATION sessions_not_valid, exercise_not_published.';
grant execute on function app_public.edit_treatment_plan to app_member;

reset role;
