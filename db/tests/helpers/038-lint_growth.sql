-- The catalog lint, growth: whatever grows with use has an end. FND-12, GDP-03.

-- A table that grows is bounded by its partitions or by a rule that deletes every row in its time. What migrations keep
-- does not grow; what people may insert by the API is a clinic's own list, as long as the clinic makes it.
create or replace function tests.lint_growth() returns table (object text, problem text)
language sql stable as $$
  select t.name,
         'grows and has no end: partition it by month, declare with app_private.retain(…) when its rows go, or say in declared/<area>.sql what bounds it'
  from tests.app_tables t
  join pg_catalog.pg_class c on c.oid = t.oid
  left join app_private.classified_tables k on k.table_name = t.name
  where k.retention is distinct from 'reference'
    and c.relkind <> 'p'
    and not pg_catalog.has_any_column_privilege('app_member', t.oid, 'insert')
    and not exists (
      select from app_private.retention_rules r
      where r.table_name = t.name and r.act = 'delete' and r.only_if is null);
$$;

-- A rule can be carried out, and without reading what is not old enough. What is kept for another time than its row is
-- blanked in that time.
create or replace function tests.lint_retention_rules() returns table (object text, problem text)
language sql stable as $$
  select r.table_name || ' ' || r.retention, wrong.problem
  from app_private.retention_rules r
  join tests.app_tables t on t.name = r.table_name
  cross join lateral (values
    (not exists (select from tests.app_indexes i where i.indrelid = t.oid and i.columns[1] = r.kept_from),
     'looks for old rows by ' || r.kept_from || ', and no index begins with it'),
    (not pg_catalog.has_table_privilege('app_engine', t.oid, case r.act when 'delete' then 'delete' else 'update' end),
     'is to ' || r.act || ', and app_engine may not'),
    (not pg_catalog.has_any_column_privilege('app_engine', t.oid, 'update'), 'locks rows, and app_engine may update no column'),
    (exists (
       select from app_private.classified_columns k
       join app_private.retentions p on p.key = r.retention and not p.with_health_data
       where k.table_name = r.table_name and k.class = 'phi' and (r.act = 'delete' or k.retention = r.retention)
     ), 'is never acted on: it would remove health data')
  ) as wrong (is_so, problem)
  where wrong.is_so
  union all
  select distinct k.table_name || ' ' || k.retention, 'is how long columns are kept, and no rule blanks them then'
  from app_private.classified_columns k
  join app_private.classified_tables t on t.table_name = k.table_name and t.retention <> k.retention
  where not exists (
    select from app_private.retention_rules r
    where r.table_name = k.table_name and r.retention = k.retention and r.act = 'blank');
$$;
