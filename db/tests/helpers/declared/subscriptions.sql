-- Allowed in subscriptions, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.due_subscriptions(integer,timestamp with time zone,uuid)',
  'app_private.settle_subscription(uuid,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.cancel_organization_subscription(uuid,text,boolean)',
  'app_public.change_organization_tier(uuid,uuid,text)',
  'app_public.dunning_preview(uuid)',
  'app_public.resume_organization_subscription(uuid,text)',
  'app_public.subscribe_organization(uuid,uuid,text,text)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_organization_subscriptions__publish()');

insert into tests.lint_exceptions (rule, object, reason)
select 'growth', object, 'As long as the law asks for what was billed; how long that is is for counsel to confirm. A row a month and clinic at most.'
from unnest(array[
  'app_public.billing_periods',
  'app_public.dunning_actions',
  'app_public.organization_billing',
  'app_public.organization_subscription_tiers',
  'app_public.organization_subscriptions'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('tenant_uniques', 'app_public.organization_subscriptions_at_the_provider', 'What the vendor tells names its subscription and no clinic: it is of one.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.billing_periods', 'organization_id, subscription_id, position', 'Periods come one after the other (BIL-02).'),
  ('app_public.organization_subscription_tiers', 'organization_id, subscription_id, position', 'Of one day''s changes of tier the last one holds.'),
  ('app_public.organization_subscriptions', 'organization_id', 'One subscription of a clinic is live (BIL-01).'),
  ('app_public.organization_subscriptions', 'provider, provider_subscription_id', 'A vendor''s subscription is one of ours.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('class_names', 'app_public.organization_billing.tax_id_last_four', 'The end of it alone, so that people recognise what they entered.');
