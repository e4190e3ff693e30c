-- One call, without a reason: by the person, by somebody who cares for them, or recorded by staff whom they told. Refused
-- only where the ground is no consent or contract that ends by it. CNS-03, FND-16, FND-18.
-- Locks: the clinic's people where the patient goes, then the patient, as remove_patient() does. Whatever relies on the
-- consent holds the patient for share, so it is waited for.

set role app_engine;

create or replace function app_public.withdraw_consent(purpose text, patient_id uuid default null)
returns setof app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_purpose app_public.consent_purposes;
  v_account_id uuid;
begin
  if patient_id is null then
    v_account_id := app_private.lock_account();
  else
    v_patient := app_private.require_to_withdraw(patient_id);
  end if;
  select consent_purposes.* into v_purpose
  from app_public.consent_purposes
  where consent_purposes.scope_id in (v_patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.code = purpose
    and consent_purposes.scope = case when patient_id is null then 'platform' else 'organization' end;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(purpose, 63)));
  elsif not v_purpose.is_withdrawable then
    perform app_hidden.refuse(
      'STATE', 'consent_not_withdrawable', jsonb_build_object('purpose', v_purpose.code, 'legalBasis', v_purpose.legal_basis));
  end if;

  if patient_id is not null then
    if v_purpose.on_withdrawal = 'removal' then
      perform app_private.lock_people(v_patient.organization_id);
    end if;
    -- Whoever was removed from the clinic withdraws as well.
    perform from app_public.patients where patients.id = v_patient.id for no key update;
  end if;
  return query select * from app_private.withdraw_standing(
    v_patient.organization_id, v_patient.patient_profile_id, v_account_id, v_purpose.code);
  if not found then
    return;
  end if;
  case v_purpose.on_withdrawal
    when 'removal' then perform app_private.remove_who_withdrew(v_patient);
    when 'erasure' then perform app_private.ask_for_erasure(v_account_id, 'platform_terms_withdrawn');
    else
  end case;
end;
$$;

comment on function app_public.withdraw_consent is
  E'@arg purpose What is withdrawn, by the code of ConsentPurpose.\n'
  '@arg patientId The patient of the clinic it was given to; without one, it was given to the platform.\n'
  'Withdraws all that was granted for a purpose, and answers it; nothing where nothing stands. org_terms: the person is no '
  'patient of the clinic any more, and appointments to come are cancelled. platform_terms: the erasure of the account is asked for. STATE '
  'consent_not_withdrawable names the legal basis.';
grant execute on function app_public.withdraw_consent to app_member;

create or replace function app_public.withdraw_medical_consents(patient_id uuid) returns setof app_public.consents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.require_to_withdraw(patient_id);
begin
  perform from app_public.patients where patients.id = v_patient.id for no key update;
  return query select * from app_private.withdraw_standing(v_patient.organization_id, v_patient.patient_profile_id, null, null);
end;
$$;

comment on function app_public.withdraw_medical_consents is
  'Withdraws all that a patient granted about treatment, and answers it. What is not about treatment stands.';
grant execute on function app_public.withdraw_medical_consents to app_member;

reset role;

create or replace function app_private.require_to_withdraw(patient_id uuid) returns app_public.patients
language plpgsql stable
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient from app_public.patients where patients.id = require_to_withdraw.patient_id;
  if (v_patient.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())) is not true then
    perform app_private.require_permission(v_patient.organization_id, 'consents.record');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.require_to_withdraw is
  'The patient, for the person, somebody who cares for them, and staff with consents.record; NOT_FOUND or FORBIDDEN for others.';
grant execute on function app_private.require_to_withdraw to app_engine;
