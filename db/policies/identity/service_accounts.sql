-- The platform's processes; clinics need not know them. FND-02.

alter table app_public.service_accounts enable row level security;
alter table app_public.service_accounts force row level security;

grant select on app_public.service_accounts to app_member;

drop policy if exists service_accounts_select_superadmin on app_public.service_accounts;
create policy service_accounts_select_superadmin on app_public.service_accounts
  for select to app_member
  using ((select app_hidden.is_superadmin()));

grant select on app_public.service_accounts to app_engine;

drop policy if exists service_accounts_select_engine on app_public.service_accounts;
create policy service_accounts_select_engine on app_public.service_accounts
  for select to app_engine
  using (true);

drop policy if exists service_accounts_all_migrator on app_public.service_accounts;
create policy service_accounts_all_migrator on app_public.service_accounts
  for all to app_owner
  using (true)
  with check (true);

select app_private.classify('app_public.service_accounts', 'reference',
  '{"operational": ["principal_id", "name", "created_at"]}',
  unaudited => 'Reference data that only migrations change.');
