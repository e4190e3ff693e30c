-- What vendors are chosen for; migrations keep it. FND-22.

alter table app_public.service_capabilities enable row level security;
alter table app_public.service_capabilities force row level security;

grant select on app_public.service_capabilities to app_member, app_engine;

drop policy if exists service_capabilities_select_everyone on app_public.service_capabilities;
create policy service_capabilities_select_everyone on app_public.service_capabilities
  for select to app_member, app_engine
  using (true);

drop policy if exists service_capabilities_all_migrator on app_public.service_capabilities;
create policy service_capabilities_all_migrator on app_public.service_capabilities
  to app_owner using (true) with check (true);

select app_private.classify('app_public.service_capabilities', 'reference',
  '{"public": ["key", "description", "is_built"]}',
  unaudited => 'Reference data that only migrations change.');
