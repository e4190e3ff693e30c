-- The columns of a table that a statement may give a value, and whether they have one without it.

create or replace function app_private.columns_to_write(table_oid regclass)
returns table (name text, has_default boolean)
language sql stable strict
set search_path = ''
begin atomic
  select attribute.attname::text, attribute.atthasdef or attribute.attidentity <> ''
  from pg_catalog.pg_attribute as attribute
  where attribute.attrelid = columns_to_write.table_oid and attribute.attnum >= 1 and not attribute.attisdropped
    and attribute.attgenerated = ''
  order by attribute.attnum;
end;

comment on function app_private.columns_to_write is
  'Columns of a table that are not computed; has_default: a row that does not give one has a value all the same.';
