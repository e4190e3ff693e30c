-- Months that are billed: functions only, for now. BIL-01.

select app_private.classify('app_public.billing_periods', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "ends_on", "during", "is_trial", "closed_at", "created_at"]}');
select app_private.protect('app_public.billing_periods', engine => 'select, insert, update');
