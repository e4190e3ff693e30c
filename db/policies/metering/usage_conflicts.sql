-- What was told under a key that another record has: the clinic's staff with billing.view, and superadmins. Appended by functions, changed
-- by nobody. FND-24.

select app_private.classify('app_public.usage_conflicts', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "source", "key", "meter", "quantity", "subject_id", "occurred_at", "details",
                    "received_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.usage_conflicts', engine => 'select, insert');

grant select (id, organization_id, source, key, meter, quantity, occurred_at, details, received_at) on app_public.usage_conflicts to app_member;

create policy usage_conflicts_select_staff on app_public.usage_conflicts for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_conflicts_select_superadmin on app_public.usage_conflicts for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.usage_conflicts
  for each statement execute function app_private.tg_frozen();
