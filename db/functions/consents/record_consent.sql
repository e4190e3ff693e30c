-- Staff write down what a patient said at the desk, and what they were shown for it: a grant, or a refusal. For a minor's
-- treatment they name the representative. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.record_consent(
  organization_id uuid,
  patient_id uuid,
  purpose_version_id uuid,
  decision text,
  evidence text,
  caregiver_id uuid default null
) returns app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_consent app_public.consents;
  v_is_medical boolean;
begin
  perform app_private.require_permission(organization_id, 'consents.record');
  v_patient := app_private.lock_consents(organization_id, patient_id);
  v_consent.organization_id := v_patient.organization_id;
  v_consent.patient_profile_id := v_patient.patient_profile_id;
  v_consent.purpose_version_id := record_consent.purpose_version_id;
  v_consent.decision := record_consent.decision;
  v_consent.source := 'staff';
  v_consent.decided_by := app_hidden.current_account_id();
  v_consent.caregiver_id := record_consent.caregiver_id;
  v_consent.evidence := record_consent.evidence;

  v_is_medical := (app_private.require_current_version(v_consent)).is_medical;
  perform app_private.require_caregiver(v_patient.patient_profile_id, caregiver_id);
  if decision = 'granted' and v_is_medical then
    perform app_private.require_representative(v_patient.patient_profile_id, caregiver_id);
  end if;
  -- Who granted something and refuses it now withdraws it, which is a call of its own.
  if decision = 'refused' and (app_private.standing_answer(v_consent)).id is not null then
    perform app_hidden.refuse('CONFLICT', 'consent_stands', '{"field": "decision"}');
  end if;
  return app_private.add_consent(v_consent);
end;
$$;

comment on function app_public.record_consent is
  E'@arg purposeVersionId The words that were answered, by the id of ConsentPurposeVersion.\n'
  '@arg decision What was answered.\n@words decision consents.decision\n'
  '@arg evidence What the patient showed or signed, such as a form on paper.\n'
  '@arg caregiverId The link of the representative who answered on behalf of the patient.\n'
  'Records what a patient accepted or refused, on evidence. Needs consents.record. CONFLICT consent_version_outdated, '
  'consent_stands; FORBIDDEN representative_needed for a minor''s treatment.';
grant execute on function app_public.record_consent to app_member;

create or replace function app_public.override_consent(organization_id uuid, patient_id uuid, purpose text, reason text)
returns app_public.consents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_consent app_public.consents;
begin
  perform app_private.require_permission(organization_id, 'consents.override');
  v_patient := app_private.lock_consents(organization_id, patient_id);
  v_consent.organization_id := v_patient.organization_id;
  v_consent.patient_profile_id := v_patient.patient_profile_id;
  v_consent.purpose_version_id := (app_private.current_consent_version(organization_id, purpose)).id;
  v_consent.decision := 'granted';
  v_consent.source := 'staff';
  v_consent.decided_by := app_hidden.current_account_id();
  v_consent.emergency_reason := app_private.require_reason(reason);
  v_consent.holds_until := app_hidden.now() + interval '24 hours';
  if not (app_private.require_current_version(v_consent)).is_medical then
    perform app_hidden.refuse('VALIDATION', 'consent_not_medical', '{"field": "purpose"}');
  end if;
  return app_private.add_consent(v_consent);
end;
$$;

comment on function app_public.override_consent is
  E'@arg purpose What is gone on with, by the code of ConsentPurpose.\n'
  '@arg reason What the emergency is; the patient reads it.\n'
  'Goes on without asking in an emergency: holds for 24 hours, for a purpose about treatment, and is on record with its reason. '
  'Needs consents.override.';
grant execute on function app_public.override_consent to app_member;

reset role;
