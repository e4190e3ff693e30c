-- A form was signed, or its signature was refused: one row of the ledger for each version that it declares, in the
-- transaction of the signature. CNS-02. The form stays on the words that it showed; whether those still count, the gate says.

create or replace function app_private.grant_by_form(
  organization_id uuid,
  patient_id uuid,
  form_id uuid,
  purpose_version_ids uuid[],
  decision text,
  evidence_hash bytea,
  decided_by uuid,
  caregiver_id uuid,
  decided_at timestamptz
) returns setof app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.lock_consents(organization_id, patient_id);
  v_version_id uuid;
  v_consent app_public.consents;
begin
  perform app_private.require_declared_purposes(organization_id, purpose_version_ids);
  perform app_private.require_caregiver(v_patient.patient_profile_id, caregiver_id);
  if decision = 'granted' and exists (
    select from app_public.consent_purpose_versions as versions
    join app_public.consent_purposes
      on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
    where versions.id = any (purpose_version_ids) and consent_purposes.is_medical
  ) then
    perform app_private.require_representative(v_patient.patient_profile_id, caregiver_id);
  end if;

  for v_version_id in select distinct declared from unnest(purpose_version_ids) as declared order by declared loop
    v_consent := null;
    v_consent.organization_id := grant_by_form.organization_id;
    v_consent.patient_profile_id := v_patient.patient_profile_id;
    v_consent.purpose_version_id := v_version_id;
    v_consent.decision := grant_by_form.decision;
    v_consent.source := 'form';
    v_consent.source_form_id := grant_by_form.form_id;
    v_consent.evidence_hash := grant_by_form.evidence_hash;
    v_consent.decided_by := grant_by_form.decided_by;
    v_consent.caregiver_id := grant_by_form.caregiver_id;
    v_consent.decided_at := grant_by_form.decided_at;
    return next app_private.add_consent(v_consent);
  end loop;
end;
$$;

comment on function app_private.grant_by_form is
  'Writes what the signature of a form says about each version that it declares: one row a version. FORBIDDEN representative_needed '
  'for a minor''s treatment.';
grant execute on function app_private.grant_by_form to app_engine;
