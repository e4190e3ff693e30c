-- What vendors are chosen for; migrations keep it. FND-22.

select app_private.classify('app_public.service_capabilities', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "is_built"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_capabilities');

grant select on app_public.service_capabilities to app_member, app_engine;

create policy service_capabilities_select_everyone on app_public.service_capabilities
  for select to app_member, app_engine
  using (true);
