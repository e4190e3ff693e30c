-- Two spellings of one name are one text: case, marks, hyphens and the order of given and family name do not count.
-- FND-34.

create or replace function app_private.name_key(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  select string_agg(word, ' ' order by word collate "C")
  from string_to_table(app_hidden.search_text(name), ' ') as word
);

comment on function app_private.name_key is
  'The words of a name as they are compared, in one order: "Ștefania Țurcanu" and "TURCANU, Stefania" have one key.';
grant execute on function app_private.name_key to app_engine;
