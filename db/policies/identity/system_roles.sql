-- The roles every clinic starts with. FND-04.

select app_private.classify('app_public.system_roles', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.system_roles');

grant select on app_public.system_roles to app_member, app_engine;

create policy system_roles_select_everyone on app_public.system_roles for select to app_member, app_engine
  using (true);
