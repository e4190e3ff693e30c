-- What of these purposes a patient has not consented to, and why not; all at once, so that a refusal can list them. FND-17,
-- CNS-08. It locks nothing: what is to be written by a consent asks require_consent().

create or replace function app_private.missing_consents(organization_id uuid, patient_id uuid, purposes text[])
returns table (purpose text, version_id uuid, version int, reason text, is_medical boolean)
language sql stable
set search_path = ''
as $$
  select states.purpose_code, states.version_id, versions.number, states.state, consent_purposes.is_medical
  from app_public.patients
  cross join lateral app_private.consent_states(
    missing_consents.organization_id, patients.patient_profile_id, null, purposes) as states
  join app_public.consent_purposes
    on consent_purposes.scope_id in (missing_consents.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.code = states.purpose_code
  left join app_public.consent_purpose_versions as versions on versions.id = states.version_id
  where patients.organization_id = missing_consents.organization_id
    and patients.id = missing_consents.patient_id
    and states.state <> 'granted'
  order by states.purpose_code
$$;

comment on function app_private.missing_consents is
  'Which of these purposes (null: of all) a patient has no standing consent to: never_given, withdrawn, older_version or refused.';
grant execute on function app_private.missing_consents to app_engine;
