-- What each column holds. FND-12.

alter table app_private.classified_columns enable row level security;
alter table app_private.classified_columns force row level security;

grant select on app_private.classified_columns to app_engine;

drop policy if exists classified_columns_select_engine on app_private.classified_columns;
create policy classified_columns_select_engine on app_private.classified_columns
  for select to app_engine
  using (true);

drop policy if exists classified_columns_all_migrator on app_private.classified_columns;
create policy classified_columns_all_migrator on app_private.classified_columns
  to app_owner using (true) with check (true);
