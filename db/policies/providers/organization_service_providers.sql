-- What a clinic chose, seen by whoever may choose; written through verbs. FND-22.

select app_private.classify('app_public.organization_service_providers', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "capability", "provider", "integration_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_service_providers', engine => 'select, insert, update, delete');

grant select on app_public.organization_service_providers to app_member;

create policy organization_service_providers_select_manager on app_public.organization_service_providers
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));
