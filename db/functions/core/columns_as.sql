-- "r.name, r.version": for statements that are put together for any table.

create or replace function app_private.columns_as(alias text, names text[]) returns text
language sql immutable strict
set search_path = ''
begin atomic
  select string_agg(format('%I.%I', columns_as.alias, name), ', ' order by place)
  from unnest(columns_as.names) with ordinality as given (name, place);
end;

comment on function app_private.columns_as is 'The columns of an alias as a list for a statement.';
