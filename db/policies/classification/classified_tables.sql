-- What each table holds. FND-12.

alter table app_private.classified_tables enable row level security;
alter table app_private.classified_tables force row level security;

grant select on app_private.classified_tables to app_engine;

drop policy if exists classified_tables_select_engine on app_private.classified_tables;
create policy classified_tables_select_engine on app_private.classified_tables
  for select to app_engine
  using (true);

drop policy if exists classified_tables_all_migrator on app_private.classified_tables;
create policy classified_tables_all_migrator on app_private.classified_tables
  to app_owner using (true) with check (true);
