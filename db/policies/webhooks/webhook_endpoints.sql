-- Written as deliveries are made. WHK-02.

select app_private.classify('app_private.webhook_endpoints', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["subscription_id", "organization_id", "failing_since", "unbroken_since", "failed_at",
                    "slowed_until", "slow_steps", "paced_until"]}',
  unaudited => 'How an address does, changed by every failure; nobody but the worker writes it.');
select app_private.protect('app_private.webhook_endpoints', engine => 'select, insert, update, delete');
