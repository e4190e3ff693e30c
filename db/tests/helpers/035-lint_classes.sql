-- The catalog lint, what columns hold: every column has a class, every class is kept to. FND-12.

-- Every column says what it holds and for how long, once, and the registry names nothing that is gone.
create or replace function tests.lint_classes() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'is not classified: end its policy file with select app_private.classify(…)'
  from tests.app_tables t
  where not t.relispartition
    and not exists (select from app_private.classified_tables k where k.table_name = t.name)
  union all
  select c.name, 'has no class'
  from tests.app_columns c
  join tests.app_tables t on t.oid = c.table_oid and not t.relispartition
  join app_private.classified_tables k on k.table_name = c.table_name
  where not exists (
    select from app_private.classified_columns kc where kc.table_name = c.table_name and kc.column_name = c.attname
  )
  union all
  select k.table_name, 'is classified and does not exist'
  from app_private.classified_tables k
  where not exists (select from tests.app_tables t where t.name = k.table_name)
  union all
  select kc.table_name || '.' || kc.column_name, 'has a class and does not exist'
  from app_private.classified_columns kc
  join tests.app_tables t on t.name = kc.table_name
  where not exists (
    select from tests.app_columns c where c.table_name = kc.table_name and c.attname = kc.column_name
  );
$$;

create or replace function tests.lint_secret_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, role.oid::regrole || ' may ' || command || ' it'
  from tests.app_columns c
  cross join unnest(tests.api_roles()) as role (oid)
  cross join unnest('{select,insert,update}'::text[]) as command
  where c.attname ~ '(token|secret|hash|password|ciphertext|private_key)'
    and pg_catalog.has_column_privilege(role.oid, c.table_oid, c.attnum, command);
$$;
