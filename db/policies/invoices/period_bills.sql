-- What each period came to: staff with billing.view, and superadmins. Written as periods open and close, and never changed. BIL-02.

select app_private.classify('app_public.period_bills', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "period_id", "position", "kind", "tier_version_id", "usage_position",
                    "net_amount", "carried_before", "carried_after", "invoice_id", "lines", "created_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.period_bills', engine => 'select, insert');

grant select (id, organization_id, subscription_id, period_id, position, kind, tier_version_id, net_amount, carried_before,
              carried_after, invoice_id, created_at)
   on app_public.period_bills to app_member;

create policy period_bills_select_staff on app_public.period_bills for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy period_bills_select_superadmin on app_public.period_bills for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.period_bills
  for each statement execute function app_private.tg_frozen();
