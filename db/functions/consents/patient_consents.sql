-- Where a patient stands, for staff of the clinic. FND-16, CNS-09.

set role app_engine;

create or replace function app_public.patient_consents(organization_id uuid, patient_id uuid) returns setof app_public.consent_state
language sql stable strict security definer
set search_path = ''
as $$
  select overview.*
  from app_public.patients
  cross join lateral app_private.consent_overview(patients.organization_id, patients.patient_profile_id, null) as overview
  where patients.organization_id = patient_consents.organization_id
    and patients.id = patient_consents.patient_id
    and patients.deleted_at is null
    and app_hidden.has_permission(patients.organization_id, 'patients.view')
$$;

comment on function app_public.patient_consents is
  'Every purpose of the clinic with where a patient stands. Needs patients.view; nothing for others.';
grant execute on function app_public.patient_consents to app_member;

reset role;
