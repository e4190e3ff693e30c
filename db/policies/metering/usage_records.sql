-- What a clinic used: its staff with billing.view, and superadmins. Appended by functions, changed by nobody. FND-24.

select app_private.classify('app_public.usage_records', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "position", "meter", "source", "key", "quantity", "subject_id", "occurred_at",
                    "recorded_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.usage_records', engine => 'select, insert');

grant select (id, organization_id, position, meter, source, key, quantity, occurred_at, recorded_at) on app_public.usage_records to app_member;

create policy usage_records_select_staff on app_public.usage_records for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_records_select_superadmin on app_public.usage_records for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.usage_records
  for each statement execute function app_private.tg_frozen();
