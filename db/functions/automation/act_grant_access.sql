-- grant_access: opens the library or sessions from home for the patient. AUT-02, CAT-08.

create or replace function app_private.act_grant_access(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_id uuid;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif app_hidden.has_access(step.organization_id, v_patient.id, step.config ->> 'access') then
    return app_private.acted('skipped', 'access_stands');
  end if;
  insert into app_public.access_grants
    (organization_id, patient_profile_id, access, reason, expires_at, granted_by, automation_rule_version_id)
  values (step.organization_id, v_patient.patient_profile_id, step.config ->> 'access',
          app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int),
          coalesce(app_private.author_of_step(step), app_private.current_actor_id()), step.rule_version_id)
  returning id into v_id;
  return app_private.acted('done', null, jsonb_build_object('accessGrantId', v_id));
end;
$$;

comment on function app_private.act_grant_access is 'Opens something for the patient, for so many days or until it is revoked.';
grant execute on function app_private.act_grant_access to app_engine;
