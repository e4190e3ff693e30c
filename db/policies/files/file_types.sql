-- Types whose bytes can be checked; changed by migrations only. FND-13.

alter table app_private.file_types enable row level security;
alter table app_private.file_types force row level security;

grant select on app_private.file_types to app_engine;

drop policy if exists file_types_select_engine on app_private.file_types;
create policy file_types_select_engine on app_private.file_types
  for select to app_engine
  using (true);

drop policy if exists file_types_all_migrator on app_private.file_types;
create policy file_types_all_migrator on app_private.file_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_types', 'reference',
  '{"public": ["content_type", "extensions"]}',
  unaudited => 'Reference data that only migrations change.');
