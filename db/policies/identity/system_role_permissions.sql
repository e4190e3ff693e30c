-- What they allow. FND-04.

select app_private.classify('app_public.system_role_permissions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["role_key", "permission"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.system_role_permissions');

grant select on app_public.system_role_permissions to app_member, app_engine;

create policy system_role_permissions_select_everyone on app_public.system_role_permissions
  for select to app_member, app_engine
  using (true);
