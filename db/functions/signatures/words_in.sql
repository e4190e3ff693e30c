-- What a text says in one language; in the other one where it was not written in this. CNS-07.

create or replace function app_private.words_in(texts jsonb, locale text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce(words_in.texts ->> words_in.locale, words_in.texts ->> 'ro', words_in.texts ->> 'en');

comment on function app_private.words_in is 'The words of a text by language: {"ro": "…", "en": "…"}; null for none.';
grant execute on function app_private.words_in to app_engine;
