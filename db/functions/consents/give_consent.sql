-- A person accepts words that they were shown: those that count now, for themselves or for whom they care. Treatment takes a
-- signed form. Two at once: the second finds what the first gave. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.give_consent(purpose_version_id uuid, patient_id uuid default null)
returns app_public.consents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_consent app_public.consents;
  v_patient app_public.patients;
begin
  v_consent.decision := 'granted';
  v_consent.source := 'self';
  v_consent.purpose_version_id := give_consent.purpose_version_id;
  v_consent.decided_by := app_hidden.current_account_id();
  if patient_id is null then
    v_consent.human_id := app_private.lock_account();
  else
    select patients.* into v_patient
    from app_public.patients
    where patients.id = give_consent.patient_id
      and patients.deleted_at is null
      and patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    for no key update;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
    end if;
    v_consent.organization_id := v_patient.organization_id;
    v_consent.patient_profile_id := v_patient.patient_profile_id;
    -- Whoever is not the person acts by a link that stands, which is how they came here.
    select caregivers.id into v_consent.caregiver_id
    from app_public.caregivers
    join app_public.patient_profiles on patient_profiles.id = caregivers.patient_profile_id
    where caregivers.patient_profile_id = v_patient.patient_profile_id
      and caregivers.human_id = v_consent.decided_by
      and caregivers.revoked_at is null
      and patient_profiles.human_id is distinct from v_consent.decided_by;
  end if;

  if (app_private.require_current_version(v_consent)).is_medical then
    perform app_hidden.refuse('STATE', 'consent_needs_form');
  end if;
  return coalesce(app_private.standing_answer(v_consent), app_private.add_consent(v_consent));
end;
$$;

comment on function app_public.give_consent is
  E'@arg purposeVersionId The words that were shown, by the id of ConsentPurposeVersion.\n'
  '@arg patientId The patient of the clinic it is given to; without one, it is given to the platform.\n'
  'Accepts the words of a purpose, for oneself or for whom one cares; what stands already is answered as it is. CONFLICT '
  'consent_version_outdated when newer words count; STATE consent_needs_form for treatment.';
grant execute on function app_public.give_consent to app_member;

reset role;

create or replace function app_private.require_current_version(consent app_public.consents) returns app_public.consent_purposes
language plpgsql stable
set search_path = ''
as $$
declare
  v_purpose app_public.consent_purposes;
  v_current_id uuid;
begin
  select consent_purposes.* into v_purpose
  from app_public.consent_purpose_versions as versions
  join app_public.consent_purposes
    on consent_purposes.scope_id = versions.purpose_scope_id and consent_purposes.code = versions.purpose_code
  where versions.id = consent.purpose_version_id
    and versions.scope_id in (consent.organization_id, '00000000-0000-0000-0000-000000000000')
    and consent_purposes.scope = case when consent.organization_id is null then 'platform' else 'organization' end;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found');
  end if;
  v_current_id := (app_private.current_consent_version(consent.organization_id, v_purpose.code)).id;
  if consent.purpose_version_id is distinct from v_current_id then
    perform app_hidden.refuse('CONFLICT', 'consent_version_outdated', jsonb_build_object('versionId', v_current_id));
  end if;
  return v_purpose;
end;
$$;

comment on function app_private.require_current_version is
  'The purpose of the version that is answered; NOT_FOUND when it is not the clinic''s or the platform''s, CONFLICT when it counts no more.';
grant execute on function app_private.require_current_version to app_engine;

create or replace function app_private.standing_answer(consent app_public.consents) returns app_public.consents
language sql stable
set search_path = ''
begin atomic
  select standing
  from app_public.consents as standing
  where standing.organization_id is not distinct from consent.organization_id
    and standing.patient_profile_id is not distinct from consent.patient_profile_id
    and standing.human_id is not distinct from consent.human_id
    and standing.purpose_version_id = consent.purpose_version_id
    and standing.decision = 'granted'
    and standing.withdrawn_at is null
    and standing.holds_until is null
  order by standing.decided_at
  limit 1;
end;

comment on function app_private.standing_answer is 'The grant of the same version that stands already; null where there is none.';
grant execute on function app_private.standing_answer to app_engine;
