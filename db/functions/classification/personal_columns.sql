-- Everything that is about somebody, and the column that says about whom: the ground of an access request and of
-- erasure. A table without a person column is reached through the rows that it belongs to. FND-12.

create or replace function app_private.personal_columns()
returns table (table_name text, column_name text, class text, retention text, person_column text)
language sql stable
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, classified_columns.class,
         classified_columns.retention, classified_tables.person_column
  from app_private.classified_columns
  join app_private.classified_tables on classified_tables.table_name = classified_columns.table_name
  join app_private.data_classes on data_classes.name = classified_columns.class
  where data_classes.is_personal
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.personal_columns is
  'Columns of personal classes, each with the column of its table that names the person; null where the rows it belongs to do.';
grant execute on function app_private.personal_columns to app_engine;
