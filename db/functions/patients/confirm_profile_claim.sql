-- The code that went to the contact of a profile: whoever types it is the person, and accepts what everybody accepts there. FND-32.
-- A wrong code is an answer with the tries that are left, because a refusal would not be counted.

set role app_engine;

create or replace function app_public.confirm_profile_claim(
  claim_id uuid,
  code text,
  accepted_version_ids uuid[] default '{}',
  birth_date date default null
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.profile_claims;
  v_patient app_public.patients;
begin
  select profile_claims.* into v_claim
  from app_private.profile_claims
  where profile_claims.id = confirm_profile_claim.claim_id
    and profile_claims.human_id = app_hidden.current_account_id()
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'claim_not_found');
  end if;
  if v_claim.claimed_at is not null then
    return app_private.profile_claim_of(v_claim);
  end if;

  case app_private.try_code(v_claim.organization_id, v_claim.code_id, code)
    when 'over' then
      perform app_hidden.refuse('GONE', 'claim_is_over');
    when 'right' then
      select patients.* into v_patient
      from app_public.patients
      join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
      where patients.organization_id = v_claim.organization_id
        and patients.patient_profile_id = v_claim.patient_profile_id
        and patients.deleted_at is null
        and patient_profiles.human_id is null
        and app_private.may_be_claimed(patient_profiles)
      for update of patient_profiles;
      if not found then
        perform app_hidden.refuse('GONE', 'claim_is_over');
      end if;
      update app_public.patient_profiles set
        human_id = v_claim.human_id,
        birth_date = coalesce(patient_profiles.birth_date, confirm_profile_claim.birth_date)
      where patient_profiles.id = v_patient.patient_profile_id;
      perform app_private.accept_required_consents(v_patient.organization_id, v_patient.id, accepted_version_ids);
      update app_private.profile_claims set claimed_at = app_hidden.now()
      where profile_claims.id = v_claim.id
      returning * into v_claim;
    else null;
  end case;
  return app_private.profile_claim_of(v_claim);
end;
$$;

comment on function app_public.confirm_profile_claim is
  E'@arg code The six digits.\n@arg birthDate When they were born, where the clinic does not know it.\n'
  'Takes over the profile if the code is the one that was sent. isClaimed says whether; attemptsLeft how many tries are left. '
  'NOT_FOUND claim_not_found; GONE claim_is_over when it expired, was used, or five codes were wrong; CONSENT_REQUIRED and STATE '
  'account_age_unknown as in joinClinic.';
grant execute on function app_public.confirm_profile_claim to app_member;

reset role;
