-- A clinic opens something for a patient by hand. CAT-08.

set role app_engine;

create or replace function app_public.grant_access(
  patient_id uuid,
  access text,
  reason text,
  expires_at timestamptz default null
) returns app_public.access_grants
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered(
    'grant_access', jsonb_build_array(patient_id, access, reason, expires_at));
  v_patient app_public.patients;
  v_reason text;
  v_grant app_public.access_grants;
begin
  if v_remembered is not null then
    perform app_private.patient_to_serve(patient_id);
    return jsonb_populate_record(v_grant, v_remembered);
  end if;
  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  v_reason := app_private.require_reason(reason);
  if expires_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "expiresAt"}');
  end if;
  insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, expires_at, granted_by)
  values (v_patient.organization_id, v_patient.patient_profile_id, grant_access.access, v_reason, grant_access.expires_at,
          app_private.current_actor_id())
  returning * into v_grant;
  perform app_private.remember('grant_access', to_jsonb(v_grant));
  return v_grant;
end;
$$;

comment on function app_public.grant_access is
  E'@words access access_grants.access\n@arg access What is opened.\nOpens the library or sessions from home for a patient, without a plan. Needs '
  'patient_plans.manage and a reason; until expiresAt, or until it is revoked.';
grant execute on function app_public.grant_access to app_member;

reset role;
