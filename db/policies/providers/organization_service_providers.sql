-- What a clinic chose, seen by whoever may choose; written through verbs. FND-22.

alter table app_public.organization_service_providers enable row level security;
alter table app_public.organization_service_providers force row level security;

grant select on app_public.organization_service_providers to app_member;

drop policy if exists organization_service_providers_select_manager on app_public.organization_service_providers;
create policy organization_service_providers_select_manager on app_public.organization_service_providers
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

grant select, insert, update, delete on app_public.organization_service_providers to app_engine;
drop policy if exists organization_service_providers_all_engine on app_public.organization_service_providers;
create policy organization_service_providers_all_engine on app_public.organization_service_providers
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_public.organization_service_providers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.organization_service_providers', 'clinic',
  '{"operational": ["organization_id", "capability", "provider", "integration_id", "created_at", "updated_at"]}');
