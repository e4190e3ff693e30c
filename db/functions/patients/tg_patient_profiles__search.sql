-- Whoever is called otherwise, or has another number, address or birthday, is found by it in every clinic. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.keep_search_words(patients.organization_id, new)
  from app_public.patients
  where patients.patient_profile_id = new.id;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__search is 'Keeps patient_search of a person. Trigger _500_search.';

reset role;

create or replace trigger _500_search
  after update of given_name, family_name, phone, email, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__search();
