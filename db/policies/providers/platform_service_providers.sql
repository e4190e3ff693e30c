-- What the platform offers: signed-in people read it, migrations add to it, superadmins set it through a verb. FND-22.

select app_private.classify('app_public.platform_service_providers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["capability", "provider", "is_default", "is_offered", "has_platform_account", "created_at", "updated_at"]}');
select app_private.protect('app_public.platform_service_providers', engine => 'select, update');

grant select on app_public.platform_service_providers to app_member;

create policy platform_service_providers_select_everyone on app_public.platform_service_providers
  for select to app_member
  using (true);
