-- What is wrong with a rule of retention: a step of retain(). FND-12.

create or replace function app_private.retention_problem(
  table_name text, retention text, act text, kept_from text, only_if text
) returns text
language sql stable
set search_path = ''
as $$
  select case
    when tables.table_name is null then 'is not classified'
    when pg_class.relkind <> 'r' then 'is no plain table: drop its partitions instead'
    when not exists (
      select from pg_catalog.pg_attribute
      where attrelid = pg_class.oid and attname = retention_problem.kept_from and atttypid = 'timestamptz'::regtype
    ) then 'has no timestamptz ' || retention_problem.kept_from
    when retention_problem.act = 'delete' then
      case
        when tables.retention <> retention_problem.retention and retention_problem.only_if is null
          then 'is kept for ' || tables.retention || ': say which of its rows are not'
      end
    when kept.columns = 0 then 'keeps no column for ' || retention_problem.retention
    else 'cannot be without ' || kept.required
  end
  from pg_catalog.pg_class
  left join app_private.classified_tables as tables on tables.table_name = retention_problem.table_name
  cross join lateral (
    select count(*) as columns, min(attname) filter (where attnotnull) as required
    from app_private.classified_columns as classified
    join pg_catalog.pg_attribute on attrelid = pg_class.oid and attname = classified.column_name
    where classified.table_name = retention_problem.table_name
      and classified.retention = retention_problem.retention
      and classified.retention <> tables.retention
  ) as kept
  where pg_class.oid = retention_problem.table_name::regclass
$$;

comment on function app_private.retention_problem is
  'Why a rule of retention cannot be, in words that follow the name of the table; null when it can.';
