-- Whether a person has anything to do with a clinic: works there, is a patient there, cares for one, or runs
-- the platform. A clinic may not be named in a request otherwise. FND-04, FND-07.

create or replace function app_private.belongs_to(principal_id uuid, organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.memberships
    join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
    where memberships.organization_id = belongs_to.organization_id
      and memberships.human_id = belongs_to.principal_id
      and memberships.ended_at is null
  ) or exists (
    select from app_public.patients
    join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
    join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    where patients.organization_id = belongs_to.organization_id
      and patients.deleted_at is null
      and (patient_profiles.human_id = belongs_to.principal_id
           or exists (
             select from app_public.caregivers
             where caregivers.patient_profile_id = patient_profiles.id
               and caregivers.human_id = belongs_to.principal_id
               and caregivers.revoked_at is null
               and (caregivers.ends_on is null
                    or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)))
  ) or exists (
    select from app_public.principals
    where principals.id = belongs_to.principal_id and principals.platform_role = 'superadmin'
  );
end;

comment on function app_private.belongs_to is 'Staff, patient, caregiver of a patient, or platform superadmin.';
grant execute on function app_private.belongs_to to app_engine;
