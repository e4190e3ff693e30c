-- Writes an answer into the ledger and tells of it: every way to consent or refuse ends here. FND-16, FND-14.

create or replace function app_private.add_consent(consent app_public.consents) returns app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions;
  v_consent app_public.consents := consent;
begin
  select versions.* into strict v_version
  from app_public.consent_purpose_versions as versions where versions.id = consent.purpose_version_id;

  insert into app_public.consents (
    organization_id, patient_profile_id, human_id, purpose_code, version_scope_id, purpose_version_id, legal_basis, decision,
    source, source_form_id, decided_by, caregiver_id, relationship, evidence, evidence_hash, emergency_reason, holds_until,
    decided_at)
  select consent.organization_id, consent.patient_profile_id, consent.human_id, v_version.purpose_code, v_version.scope_id,
    v_version.id, consent_purposes.legal_basis, consent.decision, consent.source, consent.source_form_id, consent.decided_by,
    consent.caregiver_id,
    (select caregivers.relationship from app_public.caregivers where caregivers.id = consent.caregiver_id),
    consent.evidence, consent.evidence_hash, consent.emergency_reason, consent.holds_until,
    coalesce(consent.decided_at, app_hidden.now())
  from app_public.consent_purposes
  where consent_purposes.scope_id = v_version.purpose_scope_id and consent_purposes.code = v_version.purpose_code
  returning * into strict v_consent;

  perform app_private.publish_consent_event(v_consent);
  return v_consent;
end;
$$;

comment on function app_private.add_consent is
  'Writes an answer, its purpose, basis and relationship looked up, and publishes consent.granted or consent.refused.';
grant execute on function app_private.add_consent to app_engine;

create or replace function app_private.publish_consent_event(consent app_public.consents) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.publish(
    case
      when (consent).withdrawn_at is not null then 'consent.withdrawn'
      when (consent).decision = 'granted' then 'consent.granted'
      else 'consent.refused'
    end,
    (consent).organization_id, (consent).id,
    jsonb_strip_nulls(jsonb_build_object(
      'consentId', (consent).id,
      'purposeVersionId', (consent).purpose_version_id,
      'patientId', (
        select patients.id from app_public.patients
        where patients.organization_id = (consent).organization_id and patients.patient_profile_id = (consent).patient_profile_id),
      'humanId', (consent).human_id,
      'withdrawnAt', (consent).withdrawn_at)))
$$;

comment on function app_private.publish_consent_event is 'Publishes what just happened to a consent, as ids.';
grant execute on function app_private.publish_consent_event to app_engine;
