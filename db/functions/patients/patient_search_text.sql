-- A patient as somebody looks for them: every word of the names, family names first, and each fact behind a mark that no
-- name holds. A number stands there twice, so that it is found from its beginning and by its last digits. FND-07.

create or replace function app_private.patient_search_text(profile app_public.patient_profiles) returns text
language sql stable
set search_path = ''
return ' ' || app_hidden.search_text(profile.family_name) || ' , ' || app_hidden.search_text(profile.given_name) || ' ;'
  || coalesce(' =' || to_char(profile.birth_date, 'YYYY-MM-DD'), '')
  || coalesce(' @' || app_hidden.ascii_lower(profile.email), '')
  || coalesce(' ' || profile.phone || ' -' || reverse(substr(profile.phone, 2)), '');

comment on function app_private.patient_search_text is
  'What search_patients() looks into, with a space before every word.';
grant execute on function app_private.patient_search_text to app_engine;
