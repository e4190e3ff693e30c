-- Whoever is called otherwise, or has another number, is found by it in every clinic. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_private.patient_search set text = app_private.patient_search_text(new)
  where patient_search.patient_profile_id = new.id
    and patient_search.text <> app_private.patient_search_text(new);
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__search is 'Keeps patient_search of a person. Trigger _500_search.';

reset role;

create or replace trigger _500_search after update of given_name, family_name, phone on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__search();
