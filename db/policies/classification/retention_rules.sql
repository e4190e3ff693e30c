-- How the rows of a table age. FND-12, GDP-03.

alter table app_private.retention_rules enable row level security;
alter table app_private.retention_rules force row level security;

grant select on app_private.retention_rules to app_engine;

drop policy if exists retention_rules_select_engine on app_private.retention_rules;
create policy retention_rules_select_engine on app_private.retention_rules
  for select to app_engine
  using (true);

drop policy if exists retention_rules_all_migrator on app_private.retention_rules;
create policy retention_rules_all_migrator on app_private.retention_rules
  to app_owner using (true) with check (true);

select app_private.classify('app_private.retention_rules', 'reference',
  '{"public": ["table_name", "retention", "act", "kept_from", "only_if"]}',
  unaudited => 'Reference data that only migrations change.');
