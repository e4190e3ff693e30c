-- What can be deleted and brought back, and who may: read by the engine, written by migrations. FND-10.

alter table app_private.soft_deletes enable row level security;
alter table app_private.soft_deletes force row level security;

grant select on app_private.soft_deletes to app_engine;

drop policy if exists soft_deletes_select_engine on app_private.soft_deletes;
create policy soft_deletes_select_engine on app_private.soft_deletes
  for select to app_engine
  using (true);

drop policy if exists soft_deletes_all_migrator on app_private.soft_deletes;
create policy soft_deletes_all_migrator on app_private.soft_deletes
  to app_owner using (true) with check (true);

select app_private.classify('app_private.soft_deletes', 'reference',
  '{"public": ["table_name", "permission", "label", "follows"]}',
  unaudited => 'Reference data that only migrations change.');
