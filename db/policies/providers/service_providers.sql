-- The vendors and the forms of their integrations; migrations keep them. FND-22.

alter table app_public.service_providers enable row level security;
alter table app_public.service_providers force row level security;

grant select on app_public.service_providers to app_member, app_engine;

drop policy if exists service_providers_select_everyone on app_public.service_providers;
create policy service_providers_select_everyone on app_public.service_providers
  for select to app_member, app_engine
  using (true);

drop policy if exists service_providers_all_migrator on app_public.service_providers;
create policy service_providers_all_migrator on app_public.service_providers
  to app_owner using (true) with check (true);

select app_private.classify('app_public.service_providers', 'reference',
  '{"public": ["key", "name", "credential_fields", "settings_fields"]}',
  unaudited => 'Reference data that only migrations change.');
