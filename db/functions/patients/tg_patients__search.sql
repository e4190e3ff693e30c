-- A new patient can be found, and so can one whose record became another person's. FND-07.

set role app_engine;

create or replace function app_private.tg_patients__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.keep_search_words(new.organization_id, patient_profiles)
  from app_public.patient_profiles
  where patient_profiles.id = new.patient_profile_id;
  return new;
end;
$$;

comment on function app_private.tg_patients__search is 'Keeps patient_search of a patient. Trigger _500_search.';

reset role;

create or replace trigger _500_search after insert or update of patient_profile_id on app_public.patients
  for each row execute function app_private.tg_patients__search();
