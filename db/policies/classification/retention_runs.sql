-- When retentions were last acted on. FND-28, GDP-03.

select app_private.classify('app_private.retention_runs', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["table_name", "retention", "ran_at", "removed"]}',
  unaudited => 'Counts of what a task did, a row for each of its rules.');
select app_private.protect('app_private.retention_runs', engine => 'select, insert, update');

-- retain() begins the count.
create policy retention_runs_all_migrator on app_private.retention_runs to app_owner using (true) with check (true);
