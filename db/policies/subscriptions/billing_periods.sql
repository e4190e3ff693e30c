-- The months of a subscription: the clinic's staff with billing.view, and the platform. Written by time. BIL-01, BIL-02.

select app_private.classify('app_public.billing_periods', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "ends_on", "during", "is_trial", "cadence", "closed_at", "created_at"]}');
select app_private.protect('app_public.billing_periods', engine => 'select, insert, update (cadence, closed_at)');

grant select on app_public.billing_periods to app_member;

create policy billing_periods_select_viewer on app_public.billing_periods for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy billing_periods_select_superadmin on app_public.billing_periods for select to app_member
  using ((select app_hidden.is_superadmin()));
