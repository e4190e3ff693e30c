-- The vendors and the forms of their integrations; migrations keep them. FND-22.

select app_private.classify('app_public.service_providers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "name", "credential_fields", "settings_fields"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_providers');

grant select on app_public.service_providers to app_member, app_engine;

create policy service_providers_select_everyone on app_public.service_providers for select to app_member, app_engine
  using (true);
