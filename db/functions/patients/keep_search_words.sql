-- What a patient is found by is written anew; a word that stays is not touched. FND-07.
-- New names are written in their order, so that two who write the same ones do not wait for each other in a circle.

create or replace function app_private.keep_search_words(
  organization_id uuid,
  profile app_public.patient_profiles
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_text text := app_private.patient_search_text(profile);
  v_words text[] := array(
    select distinct word collate "C" from string_to_table(v_text, ' ') as word where word not in ('', ',', ';') order by 1);
begin
  delete from app_private.patient_search
  where patient_search.organization_id = keep_search_words.organization_id
    and patient_search.patient_profile_id = profile.id
    and patient_search.word <> all (v_words);
  insert into app_private.patient_search (organization_id, patient_profile_id, word, text)
  select keep_search_words.organization_id, profile.id, word, v_text
  from unnest(v_words) as word
  on conflict on constraint patient_search_pkey do update set text = excluded.text
  where patient_search.text <> excluded.text;
  insert into app_private.search_words (organization_id, word)
  select keep_search_words.organization_id, word
  from unnest(v_words) as word
  where word !~ '^[=@+-]'
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_search_words is 'Writes the words that search_patients() finds this patient by.';
grant execute on function app_private.keep_search_words to app_engine;
