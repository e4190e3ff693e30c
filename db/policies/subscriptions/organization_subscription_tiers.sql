-- Which tier holds from when: functions only, for now. BIL-01.

select app_private.classify('app_public.organization_subscription_tiers', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "tier_version_id", "reason", "created_by", "created_at"]}');
select app_private.protect('app_public.organization_subscription_tiers', engine => 'select, insert');
