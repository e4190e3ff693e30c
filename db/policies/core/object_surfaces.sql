-- What processes keep in the object store; written by migrations. FND-12.

alter table app_private.object_surfaces enable row level security;
alter table app_private.object_surfaces force row level security;

grant select on app_private.object_surfaces to app_engine;

drop policy if exists object_surfaces_select_engine on app_private.object_surfaces;
create policy object_surfaces_select_engine on app_private.object_surfaces
  for select to app_engine
  using (true);

drop policy if exists object_surfaces_all_migrator on app_private.object_surfaces;
create policy object_surfaces_all_migrator on app_private.object_surfaces
  to app_owner using (true) with check (true);

select app_private.classify('app_private.object_surfaces', 'reference',
  '{"public": ["key", "prefix", "description", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
