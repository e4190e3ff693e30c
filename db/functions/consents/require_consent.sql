-- The gate: every mutation that needs a consent calls it in its own transaction, before it writes. FND-17, CNS-08.

create or replace function app_private.require_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = require_consent.organization_id
    and patients.id = require_consent.patient_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  if not app_private.hold_consent(organization_id, v_profile_id, purpose) then
    perform app_private.refuse_without_consent(organization_id, patient_id, purpose);
  end if;
end;
$$;

comment on function app_private.require_consent is
  'Locks the consent that a patient gave to this purpose; CONSENT_REQUIRED consent_missing otherwise, with purpose and version.';
grant execute on function app_private.require_consent to app_engine;

create or replace function app_private.refuse_without_consent(organization_id uuid, patient_id uuid, purpose text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_missing jsonb;
begin
  select jsonb_build_object(
    'purpose', missing.purpose, 'version', missing.version, 'versionId', missing.version_id, 'why', missing.reason,
    'resolvedBy', case when missing.is_medical then 'form' else 'self' end,
    'templateId', app_private.template_that_captures(organization_id, missing.version_id))
  into v_missing
  from app_private.missing_consents(organization_id, patient_id, array[purpose]) as missing;
  if v_missing is null then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', purpose));
  end if;
  perform app_hidden.refuse('CONSENT_REQUIRED', 'consent_missing', v_missing);
end;
$$;

comment on function app_private.refuse_without_consent is
  'Refuses for a consent that is missing, naming purpose, version, why, whether the person or a signed form resolves it, and the '
  'template of that form.';
grant execute on function app_private.refuse_without_consent to app_engine;
