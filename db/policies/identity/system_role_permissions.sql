-- What they allow. FND-04.

alter table app_public.system_role_permissions enable row level security;
alter table app_public.system_role_permissions force row level security;

grant select on app_public.system_role_permissions to app_member, app_engine;

drop policy if exists system_role_permissions_select_everyone on app_public.system_role_permissions;
create policy system_role_permissions_select_everyone on app_public.system_role_permissions
  for select to app_member, app_engine
  using (true);

drop policy if exists system_role_permissions_all_migrator on app_public.system_role_permissions;
create policy system_role_permissions_all_migrator on app_public.system_role_permissions
  for all to app_owner
  using (true)
  with check (true);

select app_private.classify('app_public.system_role_permissions', 'reference',
  '{"public": ["role_key", "permission"]}',
  unaudited => 'Reference data that only migrations change.');
