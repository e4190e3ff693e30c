-- A draft is final: everything that it says is frozen with a hash, and it waits for somebody else, where the clinic asks for that. The
-- platform always does, since what it offers is every clinic's. TPL-02.

set role app_engine;

create or replace function app_public.submit_treatment_plan(treatment_plan_id uuid) returns app_public.treatment_plan_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans := app_private.plan_to_write(submit_treatment_plan.treatment_plan_id, 'treatment_plans.manage');
  v_version app_public.treatment_plan_versions;
  v_waits boolean;
  v_archived uuid;
begin
  select versions.* into v_version
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_plan.scope_id and versions.treatment_plan_id = v_plan.id and versions.status = 'draft';
  if not found then
    perform app_hidden.refuse('STATE', 'no_draft_to_submit');
  end if;
  select exercises.id into v_archived
  from app_public.treatment_plan_exercises as prescribed
  join app_public.exercises on exercises.id = prescribed.exercise_id
  where prescribed.scope_id = v_version.scope_id and prescribed.version_id = v_version.id and exercises.status <> 'published'
  order by prescribed.session_position, prescribed.position
  limit 1;
  if v_archived is not null then
    perform app_hidden.refuse('VALIDATION', 'exercise_not_published', jsonb_build_object('field', 'sessions', 'exerciseId', v_archived));
  end if;

  v_waits := coalesce((
    select organizations.treatment_plans_need_approval from app_public.organizations where organizations.id = v_plan.organization_id), true);
  v_version.sessions_snapshot := app_private.treatment_snapshot(v_version);
  update app_public.treatment_plan_versions as versions set
    status = case when v_waits then 'submitted' else 'approved' end,
    sessions_snapshot = v_version.sessions_snapshot,
    content_hash = sha256(convert_to(v_version.sessions_snapshot::text, 'UTF8')),
    submitted_by = app_private.current_actor_id(), submitted_at = app_hidden.now(),
    approved_at = case when not v_waits then app_hidden.now() end
  where versions.id = v_version.id
  returning * into v_version;
  insert into app_private.treatment_plan_authors (scope_id, version_id, author_id)
  values (v_version.scope_id, v_version.id, app_private.current_actor_id())
  on conflict do nothing;
  return v_version;
end;
$$;

comment on function app_public.submit_treatment_plan is
  'Submits the draft of a treatment plan; from then on it never changes. Where the clinic asks for no approval it can be assigned at once. '
  'Needs treatment_plans.manage, the platform''s a superadmin. STATE no_draft_to_submit; VALIDATION exercise_not_published.';
grant execute on function app_public.submit_treatment_plan to app_member;

reset role;
