-- The condition that a row belongs to the part of a table that a file of db/reference owns.

create or replace function app_private.in_scope(alias text, table_oid regclass, scope jsonb) returns text
language sql stable strict
set search_path = ''
begin atomic
  select coalesce(
    string_agg(
      format('%I.%I is not distinct from %L::%s', in_scope.alias, attribute.attname, part.value #>> '{}',
             pg_catalog.format_type(attribute.atttypid, attribute.atttypmod)),
      ' and ' order by attribute.attnum),
    'true')
  from jsonb_each(in_scope.scope) as part
  join pg_catalog.pg_attribute as attribute
    on attribute.attrelid = in_scope.table_oid and attribute.attname = part.key;
end;

comment on function app_private.in_scope is
  'The text of the condition that a row of a table has the values of a scope.';
