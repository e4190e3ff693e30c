-- Every purpose with where somebody stands, as people are shown it. FND-16, CNS-09. What must be accepted (again) is marked:
-- the same rows answer that.

create or replace function app_private.consent_overview(organization_id uuid, patient_profile_id uuid, human_id uuid)
returns setof app_public.consent_state
language sql stable
set search_path = ''
as $$
  select row(consent_overview.organization_id, consent_overview.patient_profile_id, purpose.code, purpose.name, purpose.name_ro,
    purpose.needed_for, purpose.needed_for_ro, purpose.scope, purpose.legal_basis, purpose.is_withdrawable, purpose.is_medical,
    purpose.on_withdrawal, states.state, coalesce(versions.is_required, false),
    versions.id is not null and (states.state = 'older_version' or (versions.is_required and states.state <> 'granted')),
    states.version_id, states.consent_id)::app_public.consent_state
  from app_private.consent_states(consent_overview.organization_id, consent_overview.patient_profile_id, consent_overview.human_id) as states
  join app_public.consent_purposes as purpose
    on purpose.scope_id in (consent_overview.organization_id, '00000000-0000-0000-0000-000000000000') and purpose.code = states.purpose_code
  left join app_public.consent_purpose_versions as versions on versions.id = states.version_id
  order by purpose.is_medical, purpose.code
$$;

comment on function app_private.consent_overview is
  'Every purpose that a patient, or an account, is asked for, with its state and what depends on it.';
grant execute on function app_private.consent_overview to app_engine;
