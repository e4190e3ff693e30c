-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;
  perform app_private.require_not_suspended(organization_id);

  v_invitation := app_private.invite_to_profile(organization_id, patient_profile_id, email);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient to app_member;

reset role;

create or replace function app_private.invite_to_profile(organization_id uuid, patient_profile_id uuid, email text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_email text;
begin
  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_to_profile.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account');
  end if;
  -- Where the chart has no date of birth, the person says it as they accept.
  if v_profile.birth_date is not null then
    perform app_private.require_own_account_age(v_profile.birth_date, 'patientProfileId');
  end if;
  v_email := coalesce(nullif(btrim(invite_to_profile.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}');
  end if;

  return app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
end;
$$;

comment on function app_private.invite_to_profile is
  'Invites a patient of the clinic to take over their profile, at this address or at the profile''s; the caller has the permission. '
  'CONFLICT, VALIDATION, STATE and RATE_LIMITED as invite_patient().';
grant execute on function app_private.invite_to_profile to app_engine;
