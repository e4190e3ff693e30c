-- What may be uploaded where; changed by migrations only. FND-13, FND-12.

alter table app_private.file_surfaces enable row level security;
alter table app_private.file_surfaces force row level security;

grant select on app_private.file_surfaces to app_engine;

drop policy if exists file_surfaces_select_engine on app_private.file_surfaces;
create policy file_surfaces_select_engine on app_private.file_surfaces
  for select to app_engine
  using (true);

drop policy if exists file_surfaces_all_migrator on app_private.file_surfaces;
create policy file_surfaces_all_migrator on app_private.file_surfaces
  to app_owner using (true) with check (true);

select app_private.classify('app_private.file_surfaces', 'reference',
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
