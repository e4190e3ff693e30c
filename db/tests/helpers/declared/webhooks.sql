-- Allowed in webhooks, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.claim_webhook_events(integer,integer,uuid,uuid)',
  'app_private.consume_webhooks(uuid)',
  'app_private.postpone_webhook(uuid,uuid,text)',
  'app_private.record_webhook_attempt(uuid,uuid,integer,text,text,integer,integer)',
  'app_private.record_webhook_deliveries(jsonb)',
  'app_private.schedule_webhooks()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'Steps of saveWebhookSubscription and rotateWebhookSecret around the sealing: each checks webhooks.manage itself.', unnest(array[
  'app_hidden.rotate_webhook_secret(uuid,uuid,bytea,jsonb)',
  'app_hidden.save_webhook_subscription(uuid,uuid,text,text,text[],uuid,bytea,jsonb)',
  'app_hidden.webhook_subscription_form(uuid,uuid,text,jsonb)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.disable_webhook_subscription(uuid)',
  'app_public.enable_webhook_subscription(uuid)',
  'app_public.remove_webhook_subscription(uuid)',
  'app_public.replay_webhook_event(uuid)',
  'app_public.replay_webhook_events(uuid,timestamp with time zone,timestamp with time zone,boolean)',
  'app_public.test_webhook_subscription(uuid)',
  'app_public.webhook_event_types()'
]);

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.tg_webhook_subscriptions__interests()',
   'A trigger that reads or writes beyond the grants of whoever caused it.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'Work of the worker over whatever is due on its server, by ids and claims that it was given.', unnest(array[
  'app_private.record_webhook_deliveries(jsonb)',
  'app_private.schedule_webhooks()'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'At most twenty subscriptions of a clinic, each with one endpoint and at most five secrets.', unnest(array[
  'app_private.webhook_clinics',
  'app_private.webhook_endpoints',
  'app_private.webhook_secrets',
  'app_public.webhook_subscriptions'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_public.webhook_event_types()', 'A catalog of the product, the same for every clinic.'),
  ('facts', 'app_public.webhook_events.event_name', 'The name of a type of event.'),
  ('folding', 'app_public.webhook_subscriptions_name_is_unique: name',
   'Names that people read: alike but for capitals is alike.'),
  ('json_columns', 'app_public.webhook_events.attempt_log',
   'Written by record_webhook_attempt() alone: times, statuses, words of problem and durations.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.webhook_subscriptions', 'organization_id, (expression)', 'A clinic''s subscriptions differ in name, in whatever case.'),
  ('app_private.webhook_clinics', 'organization_id', 'A clinic has one counter.'),
  ('app_private.webhook_secrets', 'organization_id, subscription_id', 'One secret of a subscription is the current one.'),
  ('app_public.webhook_events', 'subscription_id, event_id', 'A subscription is told of an event once.');
