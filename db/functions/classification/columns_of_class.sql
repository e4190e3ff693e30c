-- Where something of a class stands: what exports, erasure and analytics begin with. FND-12.

create or replace function app_private.columns_of_class(class text)
returns setof app_private.classified_columns
language sql stable strict
set search_path = ''
begin atomic
  select classified_columns.*
  from app_private.classified_columns
  where classified_columns.class = columns_of_class.class
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.columns_of_class is 'Every column of a class, with its retention and its protection.';
grant execute on function app_private.columns_of_class to app_engine;
