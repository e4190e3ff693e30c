-- The roles every clinic starts with. FND-04.

alter table app_public.system_roles enable row level security;
alter table app_public.system_roles force row level security;

grant select on app_public.system_roles to app_member, app_engine;

drop policy if exists system_roles_select_everyone on app_public.system_roles;
create policy system_roles_select_everyone on app_public.system_roles
  for select to app_member, app_engine
  using (true);

drop policy if exists system_roles_all_migrator on app_public.system_roles;
create policy system_roles_all_migrator on app_public.system_roles
  for all to app_owner
  using (true)
  with check (true);

select app_private.classify('app_public.system_roles', 'reference',
  '{"public": ["key", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
