-- What clinics subscribe to: functions only, for now. BIL-01.

select app_private.classify('app_public.organization_subscriptions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "status", "tier_version_id", "tenancy_mode", "cadence", "currency", "timezone", "provider", "anchor_on", "trial_ends_at", "past_due_at", "suspended_at", "cancels_on", "ended_at", "settle_at", "status_reason", "provider_customer_id", "provider_subscription_id", "provider_status", "provider_as_of", "created_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_subscriptions', engine => 'select, insert, update');
