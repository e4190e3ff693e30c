-- The gate without its refusal: which of these consents stand, and that they go on standing until the transaction ends.
-- FND-17, CNS-08.
-- Two locks, always in this order. The patient, for share, as bookings take it: withdrawals take it first, so whoever asks for
-- several purposes meets them nowhere else. Then the answers that stand, for share, in the order of their ids: a withdrawal
-- stamps them after us. One statement each, however many purposes there are.

create or replace function app_private.hold_consents(organization_id uuid, patient_profile_id uuid, purposes text[]) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_held text[];
begin
  perform from app_public.patients
  where patients.organization_id = hold_consents.organization_id
    and patients.patient_profile_id = hold_consents.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    return '{}';
  end if;

  select array_agg(distinct held.purpose_code) into v_held
  from (
    select consents.purpose_code
    from app_public.consents
    join app_public.consent_purpose_versions as given
      on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
    -- "offset 0" keeps the planner from asking once for each column that is read.
    cross join lateral (
      select app_private.current_consent_version(hold_consents.organization_id, consents.purpose_code) as version offset 0
    ) as asked
    where consents.organization_id = hold_consents.organization_id
      and consents.patient_profile_id = hold_consents.patient_profile_id
      and consents.purpose_code = any (hold_consents.purposes)
      -- The index of what stands leaves withdrawn answers unread, however many there are.
      and consents.decision = 'granted'
      and consents.withdrawn_at is null
      and app_private.consent_stands(consents, given, asked.version)
    order by consents.id
    for share of consents
  ) as held;
  return coalesce(v_held, '{}');
end;
$$;

comment on function app_private.hold_consents is
  'Which of these purposes a patient''s consent stands for; locks those until the transaction ends, so that a withdrawal comes after.';
grant execute on function app_private.hold_consents to app_engine;
