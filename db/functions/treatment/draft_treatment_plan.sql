-- A treatment plan is begun, with its first version as a draft: for every clinic by superadmins, for patients of a clinic or for one of
-- them by its staff. TPL-01.

set role app_engine;

create or replace function app_public.draft_treatment_plan(
  name text,
  sessions jsonb,
  organization_id uuid default null,
  patient_id uuid default null,
  slug text default null,
  description text default null
) returns app_public.treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('draft_treatment_plan', jsonb_build_array(
    name, sessions, organization_id, patient_id, slug, description));
  v_patient app_public.patients;
  v_plan app_public.treatment_plans;
  v_version app_public.treatment_plan_versions;
begin
  if v_remembered is not null then
    perform app_private.require_right_to_plan(draft_treatment_plan.organization_id, 'treatment_plans.manage');
    return jsonb_populate_record(v_plan, v_remembered);
  end if;
  perform app_private.require_right_to_plan(draft_treatment_plan.organization_id, 'treatment_plans.manage');
  if draft_treatment_plan.organization_id is null then
    if draft_treatment_plan.slug is null or draft_treatment_plan.patient_id is not null then
      perform app_hidden.refuse('VALIDATION', 'global_plan_needs_a_slug', '{"field": "slug"}');
    elsif exists (select from app_public.treatment_plans where treatment_plans.slug = draft_treatment_plan.slug) then
      perform app_hidden.refuse('CONFLICT', 'slug_is_used', '{"field": "slug"}');
    end if;
  elsif draft_treatment_plan.patient_id is not null then
    select patients.* into v_patient
    from app_public.patients
    where patients.organization_id = draft_treatment_plan.organization_id and patients.id = draft_treatment_plan.patient_id;
    perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  end if;

  insert into app_public.treatment_plans (organization_id, scope, slug, patient_profile_id, name, description, created_by)
  values (
    draft_treatment_plan.organization_id,
    case when draft_treatment_plan.organization_id is null then 'global' when v_patient.id is null then 'organization' else 'custom' end,
    case when draft_treatment_plan.organization_id is null then draft_treatment_plan.slug end,
    v_patient.patient_profile_id, draft_treatment_plan.name, draft_treatment_plan.description, app_private.current_actor_id())
  returning * into v_plan;
  insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number)
  values (v_plan.organization_id, v_plan.id, 1)
  returning * into v_version;
  perform app_private.write_treatment_sessions(v_version, draft_treatment_plan.sessions);
  perform app_private.remember('draft_treatment_plan', to_jsonb(v_plan));
  return v_plan;
end;
$$;

comment on function app_public.draft_treatment_plan is
  E'@arg organizationId The clinic; without one it is the platform''s, for every clinic.\n'
  '@arg patientId The patient whom it is written for; without one it is for any patient of the clinic.\n'
  '@arg slug How programs know a plan of the platform; only for such a plan.\n'
  '@arg sessions What it asks for: [{"title": {"ro", "en"}, "place": "home" or "clinic", "afterDays", "exercises": [{"exerciseId", '
  '"prescription": {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}}]}].\n'
  'Begins a treatment plan. Needs treatment_plans.manage; the platform''s need a superadmin. VALIDATION sessions_not_valid with the path, '
  'exercise_not_published, global_plan_needs_a_slug; CONFLICT slug_is_used.';
grant execute on function app_public.draft_treatment_plan to app_member;

reset role;
