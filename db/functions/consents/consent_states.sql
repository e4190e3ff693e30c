-- Where a person stands with each purpose: the answer that counts, else the last one, else that none was given. FND-16.
-- Of a patient at a clinic, or of an account at the platform (organization_id and patient_profile_id null).

create or replace function app_private.consent_states(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  purposes text[] default null
) returns table (purpose_code text, state text, version_id uuid, consent_id uuid)
language sql stable
set search_path = ''
as $$
  select purpose.code,
    case
      when last.consent_id is null then 'never_given'
      when last.stands then 'granted'
      when last.decision = 'refused' then 'refused'
      when last.withdrawn_at is not null then 'withdrawn'
      else 'older_version'
    end,
    (asked.version).id,
    last.consent_id
  from app_public.consent_purposes as purpose
  -- "offset 0" keeps the planner from asking once for each column that is read.
  cross join lateral (
    select app_private.current_consent_version(consent_states.organization_id, purpose.code) as version offset 0
  ) as asked
  left join lateral (
    select consents.id as consent_id, consents.decision, consents.withdrawn_at,
      coalesce(app_private.consent_stands(consents, given, asked.version), false) as stands
    from app_public.consents
    join app_public.consent_purpose_versions as given
      on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
    where consents.purpose_code = purpose.code
      and case when consent_states.patient_profile_id is null
            then consents.human_id = consent_states.human_id
            else consents.organization_id = consent_states.organization_id
                 and consents.patient_profile_id = consent_states.patient_profile_id end
      -- What staff decided in an emergency says nothing about the person once it is over.
      and (consents.holds_until is null or consents.holds_until > app_hidden.now())
    -- A refusal takes nothing back that was granted.
    order by stands desc, consents.decision = 'granted' and consents.withdrawn_at is null desc, consents.decided_at desc, consents.id desc
    limit 1
  ) as last on true
  where purpose.scope_id in (consent_states.organization_id, '00000000-0000-0000-0000-000000000000')
    and purpose.scope = case when consent_states.patient_profile_id is null then 'platform' else 'organization' end
    and (purposes is null or purpose.code = any (purposes))
$$;

comment on function app_private.consent_states is
  'Each purpose with granted, older_version, withdrawn, refused or never_given, the version that is asked for now, and the answer that says so.';
grant execute on function app_private.consent_states to app_engine;
