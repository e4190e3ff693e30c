-- What clinics can have beside a tier; migrations keep it. FND-20, TEN-01.

select app_private.classify('app_public.platform_entitlements', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "is_built", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.platform_entitlements');

grant select on app_public.platform_entitlements to app_member, app_engine;

create policy platform_entitlements_select_everyone on app_public.platform_entitlements for select to app_member, app_engine
  using (true);
