-- Test: names - every name that a mail may carry is refused a line break, in whatever table it stands. FND-15, FND-29.
begin;
select plan(2);
create function pg_temp.names_without_the_rule() returns table (object text, problem text) language sql stable as $$
  select (attrelid::regclass || '.' || attname) collate "default",
    'takes a line break: add check (' || attname || ' !~ ''[[:cntrl:]]'') as ' || relname || '_' || attname || '_is_one_line'
  from pg_attribute
  join pg_class on pg_class.oid = attrelid
  where relnamespace = 'app_public'::regnamespace and relkind = 'r' and not attisdropped
    and attname in ('name', 'display_name', 'given_name', 'family_name', 'title')
    -- Reference data that only migrations write.
    and attrelid not in (select table_name::regclass from app_private.classified_tables where retention = 'reference')
    and not exists (
      select from pg_constraint
      where conrelid = attrelid and contype = 'c' and conkey = array[attnum]
        and pg_get_constraintdef(pg_constraint.oid) like '%!~ ''[[:cntrl:]]''%')
$$;
select is_empty('select object, problem from pg_temp.names_without_the_rule()', 'names are one line');
alter table app_public.services drop constraint if exists services_name_is_one_line;
select results_eq('select object from pg_temp.names_without_the_rule()', $$values ('app_public.services.name')$$,
  'a table that forgets it is named');
select * from finish();
rollback;
