-- How the retentions are acted on, for metrics and for the doctor: names of tables, counts and times. FND-28, GDP-03.

set role app_engine;

create or replace function app_private.retention_figures()
returns table (
  table_name text,
  retention text,
  act text,
  removed bigint,
  idle_seconds double precision
)
language sql stable security definer
set search_path = ''
as $$
  select acts.table_name, acts.retention, acts.act, runs.removed, extract(epoch from app_hidden.now() - runs.ran_at)
  from app_private.retention_acts() as acts
  join app_private.retention_runs as runs on runs.table_name = acts.table_name and runs.retention = acts.retention
$$;

comment on function app_private.retention_figures is
  'For each rule that may be acted on: the rows that it has removed so far, and the seconds since its last run.';
grant execute on function app_private.retention_figures to app_worker;

reset role;
