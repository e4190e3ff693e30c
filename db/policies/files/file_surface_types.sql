-- Which types a surface takes; changed by migrations only. FND-13.

alter table app_private.file_surface_types enable row level security;
alter table app_private.file_surface_types force row level security;

grant select on app_private.file_surface_types to app_engine;

drop policy if exists file_surface_types_select_engine on app_private.file_surface_types;
create policy file_surface_types_select_engine on app_private.file_surface_types
  for select to app_engine
  using (true);

drop policy if exists file_surface_types_all_migrator on app_private.file_surface_types;
create policy file_surface_types_all_migrator on app_private.file_surface_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_surface_types', 'reference',
  '{"public": ["surface", "content_type"]}',
  unaudited => 'Reference data that only migrations change.');
