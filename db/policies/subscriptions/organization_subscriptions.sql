-- What a clinic subscribes to: its staff with billing.view, and the platform. Written by verbs, by time, and by what is paid. BIL-01.

select app_private.classify('app_public.organization_subscriptions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "status", "tier_version_id", "tenancy_mode", "cadence", "currency", "timezone", "provider",
                    "anchor_on", "trial_ends_at", "trial_told_at", "past_due_at", "suspended_at", "cancels_on", "cancels_because",
                    "ended_at", "settle_at", "status_reason", "provider_customer_id", "provider_subscription_id", "provider_status",
                    "provider_as_of", "created_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_subscriptions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, anchor_on, trial_ends_at,
              past_due_at, suspended_at, cancels_on, cancels_because, ended_at, status_reason, provider_status, provider_as_of,
              created_by, created_at, updated_at)
   on app_public.organization_subscriptions to app_member;

create policy organization_subscriptions_select_viewer on app_public.organization_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_subscriptions_select_superadmin on app_public.organization_subscriptions for select to app_member
  using ((select app_hidden.is_superadmin()));
