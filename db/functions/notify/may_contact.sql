-- The one place that decides whether a person may be written to at all. FND-15, FND-16.
-- About one's own appointment or account no consent is needed. Marketing needs the one for its channel, of a patient of the
-- clinic; a channel without a purpose of its own carries none. claim_message() locks it as the message leaves.

create or replace function app_private.may_contact(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  channel text,
  kind text
) returns boolean
language sql stable parallel safe
set search_path = ''
return may_contact.kind = 'transactional' or exists (
  select from app_public.patients
  join app_public.consents
    on consents.organization_id = patients.organization_id
    and consents.patient_profile_id = patients.patient_profile_id
    and consents.purpose_code = 'marketing_' || may_contact.channel
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  where patients.organization_id = may_contact.organization_id
    and patients.patient_profile_id = may_contact.patient_profile_id
    and patients.deleted_at is null
    and app_private.consent_stands(
      consents, given, app_private.current_consent_version(may_contact.organization_id, consents.purpose_code)));

comment on function app_private.may_contact is
  'Whether the clinic may tell this person something of this kind over this channel. Marketing: with the consent for it.';
grant execute on function app_private.may_contact to app_engine;
