-- Texts by language, as the library keeps them: at least one of Romanian and English, nothing else, none blank or too long. Whether
-- both are there is asked when an exercise is published. EXL-02.

create or replace function app_private.require_texts(field text, texts jsonb, most int) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_texts jsonb;
begin
  if jsonb_typeof(texts) = 'object' then
    select jsonb_object_agg(given.language, btrim(given.text, E' \t\r\n')) into v_texts
    from jsonb_each_text(texts) as given (language, text)
    where given.language in ('ro', 'en')
      and jsonb_typeof(texts -> given.language) = 'string'
      and given.text ~ '[[:alnum:]]'
      and length(given.text) <= most;
  end if;
  if v_texts is null or (select count(*) from jsonb_object_keys(v_texts)) <> (select count(*) from jsonb_object_keys(texts)) then
    perform app_hidden.refuse('VALIDATION', 'exercise_texts_malformed', jsonb_build_object('field', field, 'most', most));
  end if;
  return v_texts;
end;
$$;

comment on function app_private.require_texts is
  'Texts by language, trimmed; VALIDATION exercise_texts_malformed for what is not {"ro": "…", "en": "…"} or a part of it.';
grant execute on function app_private.require_texts to app_engine;

create or replace function app_private.require_translations(translations jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_names jsonb;
  v_descriptions jsonb;
begin
  if jsonb_typeof(translations) is distinct from 'object' or exists (
    select from jsonb_each(translations) as given (language, texts)
    where jsonb_typeof(given.texts) <> 'object' or given.texts - '{name,description}'::text[] <> '{}'
  ) then
    perform app_hidden.refuse('VALIDATION', 'exercise_texts_malformed', jsonb_build_object('field', 'translations', 'most', 2000));
  end if;
  select jsonb_object_agg(given.language, given.texts -> 'name'), jsonb_object_agg(given.language, given.texts -> 'description')
    into v_names, v_descriptions
  from jsonb_each(translations) as given (language, texts);
  v_names := app_private.require_texts('translations.name', v_names, 120);
  v_descriptions := app_private.require_texts('translations.description', v_descriptions, 2000);
  return (
    select jsonb_object_agg(named.language, jsonb_build_object('name', named.text, 'description', v_descriptions ->> named.language))
    from jsonb_each_text(v_names) as named (language, text));
end;
$$;

comment on function app_private.require_translations is
  'Name and description by language, trimmed; VALIDATION exercise_texts_malformed for anything else.';
grant execute on function app_private.require_translations to app_engine;

create or replace function app_private.in_both_languages(texts jsonb) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(texts ?& '{ro,en}', false);

comment on function app_private.in_both_languages is 'Whether a text is there in Romanian and in English.';
grant execute on function app_private.in_both_languages to app_engine;
