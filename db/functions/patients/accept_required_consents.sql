-- What everybody accepts who becomes a patient of a clinic: its terms, that its notice was read, and the terms of the platform.
-- Accepted in the transaction that makes them a patient, or nobody becomes one. FND-32, FND-16.

create or replace function app_private.accept_required_consents(
  organization_id uuid,
  patient_id uuid,
  accepted_version_ids uuid[]
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_patient app_public.patients := app_private.lock_consents(organization_id, patient_id);
  v_caregiver_id uuid := (
    select caregivers.id from app_public.caregivers
    where caregivers.patient_profile_id = v_patient.patient_profile_id
      and caregivers.human_id = v_me
      and caregivers.revoked_at is null);
  v_missing jsonb;
  v_asked record;
  v_consent app_public.consents;
begin
  for v_asked in
    select states.version_id, states.is_of_account, versions.number, states.purpose_code, states.state
    from (
      select of_patient.*, false as is_of_account
      from app_private.consent_states(organization_id, v_patient.patient_profile_id, null) as of_patient
      union all
      select of_account.*, true from app_private.consent_states(null, null, v_me) as of_account
    ) as states
    join app_public.consent_purpose_versions as versions on versions.id = states.version_id
    where versions.is_required and states.state <> 'granted'
    order by states.purpose_code
  loop
    if v_asked.version_id = any (accepted_version_ids) then
      v_consent := null;
      v_consent.purpose_version_id := v_asked.version_id;
      v_consent.decision := 'granted';
      v_consent.source := 'self';
      v_consent.decided_by := v_me;
      if v_asked.is_of_account then
        v_consent.human_id := v_me;
      else
        v_consent.organization_id := v_patient.organization_id;
        v_consent.patient_profile_id := v_patient.patient_profile_id;
        v_consent.caregiver_id := v_caregiver_id;
      end if;
      perform app_private.add_consent(v_consent);
    else
      v_missing := coalesce(v_missing, '[]') || jsonb_build_object(
        'purpose', v_asked.purpose_code, 'version', v_asked.number, 'versionId', v_asked.version_id, 'why', v_asked.state);
    end if;
  end loop;
  if v_missing is not null then
    perform app_hidden.refuse('CONSENT_REQUIRED', 'terms_not_accepted', jsonb_build_object('missing', v_missing));
  end if;
end;
$$;

comment on function app_private.accept_required_consents is
  'Writes the caller''s acceptance of each required version that is not accepted yet; CONSENT_REQUIRED terms_not_accepted lists what '
  'is missing of them.';
grant execute on function app_private.accept_required_consents to app_engine;
