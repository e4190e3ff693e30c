-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.

alter table app_public.role_permissions enable row level security;
alter table app_public.role_permissions force row level security;

grant select on app_public.role_permissions to app_member;

drop policy if exists role_permissions_select_staff on app_public.role_permissions;
create policy role_permissions_select_staff on app_public.role_permissions
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

grant select, insert, delete on app_public.role_permissions to app_engine;
drop policy if exists role_permissions_all_engine on app_public.role_permissions;
create policy role_permissions_all_engine on app_public.role_permissions
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.role_permissions', 'clinic',
  '{"operational": ["organization_id", "role_id", "permission"]}');
