-- Whether a patient may use the library of exercises, or do sessions from home: the one answer that policies and gates ask
-- for. By a plan, bought or of a tier, by what was opened by hand, or since the clinic makes it free. CAT-08.

set role app_engine;

create or replace function app_hidden.has_access(organization_id uuid, patient_id uuid, access text) returns boolean
language sql stable security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.patients
    join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
    where patients.organization_id = has_access.organization_id
      and patients.id = has_access.patient_id
      and patients.deleted_at is null
      and (
        case has_access.access
          when 'library_access' then organizations.library_access_is_free
          when 'telerehab_access' then organizations.telerehab_access_is_free
          else false
        end
        or exists (
          select from app_public.access_grants
          where access_grants.organization_id = patients.organization_id
            and access_grants.patient_profile_id = patients.patient_profile_id
            and access_grants.access = has_access.access
            and access_grants.revoked_at is null
            and coalesce(access_grants.expires_at > app_hidden.now(), true))
        or exists (
          select from app_public.patient_service_plans
          where patient_service_plans.organization_id = patients.organization_id
            and patient_service_plans.patient_profile_id = patients.patient_profile_id
            and case has_access.access
                  when 'library_access' then patient_service_plans.library_access
                  when 'telerehab_access' then patient_service_plans.telerehab_access
                  else false
                end
            and app_public.patient_service_plans_is_open(patient_service_plans))
      ));
end;

comment on function app_hidden.has_access is
  'Whether a patient has library_access or telerehab_access now; false for anything else, and for who is no patient.';
grant execute on function app_hidden.has_access to app_member, app_engine;

reset role;
