-- The columns of a table's primary key, by which rows are told apart whatever the table.

create or replace function app_private.key_columns(table_oid regclass) returns text[]
language sql stable strict
set search_path = ''
begin atomic
  select array_agg(attribute.attname::text order by attribute.attnum)
  from pg_catalog.pg_constraint as key
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = key.conrelid and attribute.attnum = any (key.conkey)
  where key.conrelid = key_columns.table_oid and key.contype = 'p';
end;

comment on function app_private.key_columns is 'The columns of the primary key.';
grant execute on function app_private.key_columns to app_engine;
