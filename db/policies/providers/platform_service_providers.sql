-- What the platform offers: signed-in people read it, migrations add to it, superadmins set it through a verb. FND-22.

alter table app_public.platform_service_providers enable row level security;
alter table app_public.platform_service_providers force row level security;

grant select on app_public.platform_service_providers to app_member;

drop policy if exists platform_service_providers_select_everyone on app_public.platform_service_providers;
create policy platform_service_providers_select_everyone on app_public.platform_service_providers
  for select to app_member
  using (true);

grant select, update on app_public.platform_service_providers to app_engine;
drop policy if exists platform_service_providers_all_engine on app_public.platform_service_providers;
create policy platform_service_providers_all_engine on app_public.platform_service_providers
  for all to app_engine
  using (true) with check (true);

drop policy if exists platform_service_providers_all_migrator on app_public.platform_service_providers;
create policy platform_service_providers_all_migrator on app_public.platform_service_providers
  to app_owner using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_public.platform_service_providers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.platform_service_providers', 'reference',
  '{"public": ["capability", "provider", "is_default", "is_offered", "has_platform_account", "created_at", "updated_at"]}');
