-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- Its type decides, not its class: what holds an envelope is sealed again, whatever is said of it. A dropped column has no
-- name any more.
-- A column beside it with the same name and _bound_to holds what its envelopes are bound to besides. One with _sealed_for holds the
-- row that its envelopes were copied from, "table row", and stay bound to. FND-11, FND-12, FND-35.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (
  table_name text, column_name text, key_column text, key_type text, has_organization boolean, bound_column text, sealed_for_column text
)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_sealed_for')
  from app_private.classified_columns
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places to app_worker;

reset role;
