-- Where the caller stands: at the platform with their account, at each clinic for themselves and for whom they care. FND-16,
-- CNS-09.

set role app_engine;

create or replace function app_public.my_consents(organization_id uuid default null, patient_profile_id uuid default null)
returns setof app_public.consent_state
language sql stable security definer
set search_path = ''
as $$
  select overview.*
  from (
    select null::uuid as organization_id, null::uuid as patient_profile_id, app_hidden.current_account_id() as human_id
    where my_consents.patient_profile_id is null and app_hidden.current_account_id() is not null
    union all
    select patients.organization_id, patients.patient_profile_id, null
    from app_public.patients
    where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
      and patients.organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
      and patients.deleted_at is null
      and (my_consents.organization_id is null or patients.organization_id = my_consents.organization_id)
      and (my_consents.patient_profile_id is null or patients.patient_profile_id = my_consents.patient_profile_id)
  ) as subject
  cross join lateral app_private.consent_overview(subject.organization_id, subject.patient_profile_id, subject.human_id) as overview
  order by overview.organization_id nulls first, overview.patient_profile_id, overview.is_medical, overview.purpose_code
$$;

comment on function app_public.my_consents is
  E'@arg organizationId Only this clinic, beside the platform.\n'
  '@arg patientProfileId Only this person, and not the account.\n'
  'Every purpose at the platform and at the caller''s clinics, with its state, the words that count, and what depends on it; also of '
  'those they care for. mustAccept marks what is to be accepted, or accepted again.';
grant execute on function app_public.my_consents to app_member;

reset role;
