-- A consent that stands does what was asked, whichever way it was given. AUT-02. A decision of an emergency does not: it is not
-- the patient's.

set role app_engine;

create or replace function app_private.tg_consents__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.purpose_code = new.purpose_code
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and exists (
      select from app_public.consent_purpose_versions as given
      where given.scope_id = new.version_scope_id and given.id = new.purpose_version_id
        and app_private.consent_stands(new, given, app_private.current_consent_version(new.organization_id, new.purpose_code)));
  return null;
end;
$$;

comment on function app_private.tg_consents__fulfil_requirements is
  'Ends what a patient was asked to consent to. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after insert on app_public.consents
  for each row when (new.decision = 'granted' and new.patient_profile_id is not null and new.holds_until is null)
  execute function app_private.tg_consents__fulfil_requirements();
