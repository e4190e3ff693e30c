-- A birth date that becomes known, or is corrected, sets the day on which a minor's caregivers end. FND-07.
-- Never later than before: caregivers edit the profile too, and may not lengthen their own link. Who was of age
-- when the link was made keeps a link without a date.

set role app_engine;

create or replace function app_private.tg_patient_profiles__caregivers() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.caregivers set ends_on = app_private.caregiver_ends_on(new.birth_date)
  where caregivers.patient_profile_id = new.id
    and caregivers.revoked_at is null
    and app_private.caregiver_ends_on(new.birth_date) > (caregivers.created_at at time zone 'Europe/Bucharest')::date
    and (caregivers.ends_on is null or caregivers.ends_on > app_private.caregiver_ends_on(new.birth_date));
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__caregivers is
  'Moves the end of caregiver links with the birth date, never to a later day. Trigger _500_caregivers.';

reset role;

create or replace trigger _500_caregivers after update of birth_date on app_public.patient_profiles
  for each row when (old.birth_date is distinct from new.birth_date)
  execute function app_private.tg_patient_profiles__caregivers();
