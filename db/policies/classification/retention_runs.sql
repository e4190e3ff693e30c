-- When retentions were last acted on. FND-28, GDP-03.

alter table app_private.retention_runs enable row level security;
alter table app_private.retention_runs force row level security;

grant select, insert, update on app_private.retention_runs to app_engine;

drop policy if exists retention_runs_all_engine on app_private.retention_runs;
create policy retention_runs_all_engine on app_private.retention_runs
  for all to app_engine
  using (true) with check (true);

-- retain() begins the count.
drop policy if exists retention_runs_all_migrator on app_private.retention_runs;
create policy retention_runs_all_migrator on app_private.retention_runs
  to app_owner using (true) with check (true);

select app_private.classify('app_private.retention_runs', 'operations',
  '{"operational": ["table_name", "retention", "ran_at", "removed"]}',
  unaudited => 'Counts of what a task did, a row for each of its rules.');
