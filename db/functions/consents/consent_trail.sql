-- The trail: each answer with who gave it, for whom, how, in which words, and when it was withdrawn and by whom. FND-16,
-- FND-31, CNS-09. For the HTTP paths, which say all of it in one answer; GraphQL has the same as Consent.

create or replace function app_private.consent_entries(consent_ids uuid[]) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', consents.id,
      'organization_id', consents.organization_id,
      'clinic_name', organizations.name,
      'patient_profile_id', consents.patient_profile_id,
      'purpose_code', consents.purpose_code,
      'purpose_version_id', consents.purpose_version_id,
      'version', versions.number,
      'title_ro', versions.title_ro,
      'title_en', versions.title_en,
      'legal_basis', consents.legal_basis,
      'decision', consents.decision,
      'source', consents.source,
      'source_form_id', consents.source_form_id,
      'decided_at', consents.decided_at,
      'decided_by_name', decider.display_name,
      'relationship', consents.relationship,
      'evidence', consents.evidence,
      'emergency_reason', consents.emergency_reason,
      'holds_until', consents.holds_until,
      'withdrawn_at', consents.withdrawn_at,
      'withdrawn_by_name', withdrawer.display_name)
    order by consents.decided_at desc, consents.id desc), '[]')
  from app_public.consents
  join app_public.consent_purpose_versions as versions
    on versions.scope_id = consents.version_scope_id and versions.id = consents.purpose_version_id
  left join app_public.organizations on organizations.id = consents.organization_id
  left join app_public.humans as decider on decider.principal_id = consents.decided_by
  left join app_public.humans as withdrawer on withdrawer.principal_id = consents.withdrawn_by
  where consents.id = any (consent_entries.consent_ids)
$$;

comment on function app_private.consent_entries is 'These answers as people read them, newest first.';
grant execute on function app_private.consent_entries to app_engine;

set role app_engine;

create or replace function app_hidden.my_consent_trail() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'consents', (select coalesce(jsonb_agg(to_jsonb(mine)), '[]') from app_public.my_consents() as mine),
    'trail', app_private.consent_entries(array(
      select consents.id from app_public.consents
      where consents.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
         or consents.human_id = (select app_hidden.current_account_id()))))
$$;

comment on function app_hidden.my_consent_trail is
  'What the caller, and those they care for, are asked to accept, and every answer that they gave, also at clinics that they left.';
grant execute on function app_hidden.my_consent_trail to app_member;

create or replace function app_hidden.patient_consent_trail(organization_id uuid, patient_id uuid) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = patient_consent_trail.organization_id
    and patients.id = patient_consent_trail.patient_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform audit.record_read(
    v_patient.organization_id, 'app_public.consents', null, 'consents', v_patient.patient_profile_id);
  return jsonb_build_object(
    'consents', (
      select coalesce(jsonb_agg(to_jsonb(theirs)), '[]')
      from app_public.patient_consents(v_patient.organization_id, v_patient.id) as theirs),
    'trail', app_private.consent_entries(array(
      select consents.id from app_public.consents
      where consents.organization_id = v_patient.organization_id
        and consents.patient_profile_id = v_patient.patient_profile_id)));
end;
$$;

comment on function app_hidden.patient_consent_trail is
  'The same of a patient, for staff with patients.view; the reading is on record.';
grant execute on function app_hidden.patient_consent_trail to app_member;

reset role;
