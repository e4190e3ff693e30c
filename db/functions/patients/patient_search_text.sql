-- A patient as somebody looks for them: every word of the names, family names first, and the digits of the number. FND-07.

create or replace function app_private.patient_search_text(profile app_public.patient_profiles) returns text
language sql immutable parallel safe
set search_path = ''
return ' ' || app_hidden.search_text(profile.family_name || ' ' || profile.given_name)
  || coalesce(' ' || substr(profile.phone, 2), '');

comment on function app_private.patient_search_text is
  'What search_patients() looks into, with a space before every word.';
grant execute on function app_private.patient_search_text to app_engine;
