-- Where the caller, or someone they care for, is a patient. A deleted patient is none, and a deleted clinic nobody's. FND-07, SPC-05.

set role app_engine;

create or replace function app_hidden.current_patient_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct patients.organization_id), '{}')
  from app_public.patients
  join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
  where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and patients.deleted_at is null
    and ((select app_hidden.current_organization_id()) is null
         or patients.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.current_patient_organization_ids is
  'Clinics of which the caller, or a person they care for, is a patient, narrowed to the one the request names.';
grant execute on function app_hidden.current_patient_organization_ids to app_member, app_anonymous;

reset role;
