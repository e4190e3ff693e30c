-- What a class means, read wherever personal data is handled. FND-12.

alter table app_private.data_classes enable row level security;
alter table app_private.data_classes force row level security;

grant select on app_private.data_classes to app_engine;

drop policy if exists data_classes_select_engine on app_private.data_classes;
create policy data_classes_select_engine on app_private.data_classes
  for select to app_engine
  using (true);

drop policy if exists data_classes_all_migrator on app_private.data_classes;
create policy data_classes_all_migrator on app_private.data_classes
  to app_owner using (true) with check (true);
