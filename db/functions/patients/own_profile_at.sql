-- The caller's own profile at a clinic, also where they were a patient before and left. FND-32.

create or replace function app_private.own_profile_at(organization_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select patients.patient_profile_id
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = own_profile_at.organization_id
    and patient_profiles.human_id = app_hidden.current_account_id()
    and not exists (
      select from app_public.patient_merges
      where patient_merges.merged_profile_id = patient_profiles.id and patient_merges.undone_at is null)
  order by patients.deleted_at nulls first, patients.id
  limit 1;
end;

comment on function app_private.own_profile_at is 'The profile of the caller that the clinic knows; null for none.';
grant execute on function app_private.own_profile_at to app_engine;
