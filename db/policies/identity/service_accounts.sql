-- The platform's processes; clinics need not know them. FND-02.

select app_private.classify('app_public.service_accounts', home => 'platform', retention => 'reference', classes =>
  '{"operational": ["principal_id", "name", "created_at"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_accounts', engine => 'select');

grant select on app_public.service_accounts to app_member;

create policy service_accounts_select_superadmin on app_public.service_accounts for select to app_member
  using ((select app_hidden.is_superadmin()));
