-- Test: fixed_lists - the words of rows that are enums of the API, each with what it means. FND-29.
begin;
select plan(4);
select set_eq(
  $$select table_name, word ->> 'word' from app_hidden.fixed_lists(), jsonb_array_elements(words) as word$$,
  $$select 'app_private.channels', name from app_private.channels
    union all select 'app_private.file_surfaces', key from app_private.file_surfaces$$,
  'every word of both lists is there');
select is_empty(
  $$select word from app_hidden.fixed_lists(), jsonb_array_elements(words) as word where btrim(word ->> 'description') = ''$$,
  'each says what it means');
select set_eq(
  $$select r.rolname::text from pg_roles r where r.rolname like 'app\_%' and r.rolname not in ('app_owner', 'app_engine')
    and has_function_privilege(r.rolname, 'app_hidden.fixed_lists()', 'execute')$$,
  $$values ('app_authenticator')$$,
  'the API asks before anybody is anybody, and nobody else');
select is_empty(
  $$select c.conname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'c' and cardinality(c.conkey) = 1 and c.connamespace = 'app_public'::regnamespace
      and c.conname ~ '_(kind|status)_is_known$' and has_column_privilege('app_member', c.conrelid, a.attnum, 'select')
      and c.conname !~ '_moves_(from|to)_status_' and obj_description(c.oid, 'pg_constraint') is null$$,
  'the check of a status or a kind says what its words mean');
select * from finish();
rollback;
