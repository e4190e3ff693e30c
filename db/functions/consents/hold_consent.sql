-- The gate without its refusal: whether the consent stands, and if so, that it goes on standing until the transaction ends.
-- FND-17, FND-15.
-- Two locks. The patient, for share, as bookings take it: withdrawals take it first, so whoever asks for several
-- purposes in any order meets them nowhere else. Then the row itself, for share: a withdrawal stamps it after us.

create or replace function app_private.hold_consent(organization_id uuid, patient_profile_id uuid, purpose text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_asked app_public.consent_purpose_versions;
begin
  perform from app_public.patients
  where patients.organization_id = hold_consent.organization_id
    and patients.patient_profile_id = hold_consent.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    return false;
  end if;

  v_asked := app_private.current_consent_version(organization_id, purpose);
  perform from app_public.consents
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  where consents.organization_id = hold_consent.organization_id
    and consents.patient_profile_id = hold_consent.patient_profile_id
    and consents.purpose_code = purpose
    and app_private.consent_stands(consents, given, v_asked)
  order by consents.decided_at desc
  limit 1
  for share of consents;
  return found;
end;
$$;

comment on function app_private.hold_consent is
  'Whether a patient''s consent to this purpose stands; locks it until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consent to app_engine;
