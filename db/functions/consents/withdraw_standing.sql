-- Every withdrawal is this one: what is to be withdrawn is found in the statement that withdraws it, all versions at once.
-- The caller has locked the patient or the account, so that nothing is granted or relied on meanwhile. CNS-03, FND-17.

create or replace function app_private.withdraw_standing(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  purpose text
) returns setof app_public.consents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_consent app_public.consents;
begin
  for v_consent in
    update app_public.consents set
      withdrawn_at = app_hidden.now(),
      withdrawn_by = app_private.current_actor_id()
    where case when withdraw_standing.patient_profile_id is null
            then consents.human_id = withdraw_standing.human_id
            else consents.organization_id = withdraw_standing.organization_id
                 and consents.patient_profile_id = withdraw_standing.patient_profile_id end
      and case when withdraw_standing.purpose is null
            then exists (
              select from app_public.consent_purposes
              where consent_purposes.scope_id in (withdraw_standing.organization_id, '00000000-0000-0000-0000-000000000000')
                and consent_purposes.code = consents.purpose_code
                and consent_purposes.is_medical)
            else consents.purpose_code = withdraw_standing.purpose end
      and consents.decision = 'granted'
      and consents.withdrawn_at is null
    returning consents.*
  loop
    perform app_private.publish_consent_event(v_consent);
    return next v_consent;
  end loop;
end;
$$;

comment on function app_private.withdraw_standing is
  'Withdraws all grants of a purpose (null: of all that are medical) that a patient, or an account, has not withdrawn, and tells of each.';
grant execute on function app_private.withdraw_standing to app_engine;
