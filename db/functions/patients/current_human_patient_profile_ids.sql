-- The people the caller may act for: themselves, and those they care for while the link lasts. FND-07.

set role app_engine;

create or replace function app_hidden.current_human_patient_profile_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(profile.id), '{}')
  from (
    select patient_profiles.id
    from app_public.patient_profiles
    where patient_profiles.human_id = (select app_hidden.current_principal_id())
    union
    select caregivers.patient_profile_id
    from app_public.caregivers
    where caregivers.human_id = (select app_hidden.current_principal_id())
      and caregivers.revoked_at is null
      -- The law that sets the age is Romanian, so its days are.
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) as profile
  where exists (
    select from app_public.principals
    where principals.id = (select app_hidden.current_principal_id()) and principals.disabled_at is null
  );
end;

comment on function app_hidden.current_human_patient_profile_ids is
  'Patient profiles the caller may act for. Every patient-side policy is driven by it.';
grant execute on function app_hidden.current_human_patient_profile_ids to app_member, app_anonymous;

reset role;
