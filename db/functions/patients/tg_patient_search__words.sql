-- A name that no patient of the clinic has any more is not kept either. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_search__words() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  delete from app_private.search_words
  where search_words.organization_id = old.organization_id
    and search_words.word = old.word
    and not exists (
      select from app_private.patient_search
      where patient_search.organization_id = old.organization_id and patient_search.word = old.word);
  return null;
end;
$$;

comment on function app_private.tg_patient_search__words is 'Keeps search_words free of names that nobody has. Trigger _500_words.';

reset role;

create or replace trigger _500_words after delete on app_private.patient_search
  for each row execute function app_private.tg_patient_search__words();
