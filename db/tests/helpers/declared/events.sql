-- Allowed in events, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.publish(text,uuid,uuid,jsonb,uuid)',
   'A step of verbs and triggers that other roles reach only through them.'),
  ('app_private.tg_events__deliver()',
   'A trigger that reads or writes beyond the grants of whoever caused it.'),
  ('app_public.replay_webhook(text,text)',
   'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.');

insert into tests.allowed_definer_functions (reason, function)
select 'What a verified webhook does, at the door or in the worker, neither of which has a grant on any table.', unnest(array[
  'app_hidden.claim_webhook(uuid)',
  'app_hidden.receive_webhook(text,uuid,text,text,timestamp with time zone,jsonb,bytea)',
  'app_hidden.record_webhook_failed(uuid,text,boolean)',
  'app_hidden.record_webhook_processed(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.beat(text,text,integer)',
  'app_private.claim_effect(text,text)',
  'app_private.claim_event_delivery(text,uuid)',
  'app_private.enqueue_overdue_deliveries()',
  'app_private.finish_effect(text,jsonb)',
  'app_private.purge_webhooks()',
  'app_private.reap_silent_workers(interval)',
  'app_private.record_event_delivered(uuid,text)',
  'app_private.record_event_failed(uuid,text,text)',
  'app_private.release_effect(text)',
  'app_private.retire_worker(text)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_public.replay_webhook(text,text)',
   'For superadmins, about the platform: on one server, its part.'),
  ('facts', 'app_private.event_interests.event_name', 'The name of a type of event.'),
  ('facts', 'app_private.events.name', 'The name of a type of event.'),
  ('facts', 'app_private.webhook_receipts.type', 'What the vendor calls it.'),
  ('growth', 'app_private.event_interests', 'At most one of each event and consumer in a clinic.'),
  ('growth', 'app_private.worker_heartbeats', 'reap_silent_workers() deletes what was silent for a day.'),
  ('json_columns', 'app_private.effects.result',
   'Written by finish_effect() alone: the vendor''s id of what was done.'),
  ('pooling', 'app_private.claim_effect(text,text)',
   'The worker''s, which goes past any pooler (WORKER_DATABASE_URL) and holds it while it is outside.'),
  ('pooling', 'app_private.release_effect(text)',
   'The worker''s, which goes past any pooler (WORKER_DATABASE_URL) and lets go what claim_effect() held.'),
  ('positions', 'app_private.event_deliveries.position', 'Copied from its event.'),
  ('references', 'app_private.event_deliveries.subject_id', 'Copied from its event.'),
  ('references', 'app_private.events.scope_id', 'Generated from organization_id, which has its key.'),
  ('references', 'app_private.events.subject_id', 'An event is about a row of any table.'),
  ('references', 'app_private.webhook_receipts.integration_id',
   'A trace of who was called, kept when the integration is gone.'),
  ('tenant_rows', 'app_private.events', 'Events of the platform itself.'),
  ('tenant_uniques', 'app_private.events_are_numbered_by_subject',
   'A subject is a row of one clinic; the number counts its events.'),
  ('tenant_uniques', 'app_private.events_identity_in_scope', 'scope_id is the clinic, or zero for the platform.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'Of the process and its server: no clinic''s rows, or those of its queue.', unnest(array[
  'app_private.beat(text,text,integer)',
  'app_private.claim_effect(text,text)',
  'app_private.finish_effect(text,jsonb)',
  'app_private.reap_silent_workers(interval)',
  'app_private.release_effect(text)',
  'app_private.retire_worker(text)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A sweep of the worker over whatever is due on its server.', unnest(array[
  'app_private.enqueue_overdue_deliveries()',
  'app_private.purge_webhooks()'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.events', 'scope_id, id', 'What event_deliveries refers to.'),
  ('app_private.events', 'subject_id, position', 'An event has a number among those of its subject (FND-14).'),
  ('app_private.webhook_receipts', 'provider, integration_id, event_id', 'A vendor''s event is taken once (FND-25).');

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.news_of(uuid[],text[],integer)', 'The servers ask for ids on behalf of sockets, and read what they tell with the rights of each.');
