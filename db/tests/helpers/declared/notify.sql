-- Allowed in notify, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.inbox_items_since(uuid[],timestamp with time zone)',
   'The session check: before it nobody is anybody, so nobody could read what it reads.'),
  ('app_private.tg_humans__lift_suppressions()',
   'A trigger that reads or writes beyond the grants of whoever caused it.');

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.text_to_preview(uuid,text,text,text,text,text,jsonb)',
  'app_public.edit_message_template(uuid,text,text,text,text,text)',
  'app_public.lift_suppression(text,text,text,uuid)',
  'app_public.mark_inbox_items_read(uuid[])',
  'app_public.mark_inbox_read()',
  'app_public.message_texts(uuid)',
  'app_public.restore_message_template(uuid,text,text,text)',
  'app_public.set_notification_preference(text,text,boolean,uuid)',
  'app_public.set_quiet_hours(time without time zone,time without time zone,text,uuid)',
  'app_public.set_whatsapp_template(uuid,text,text,text,text[])',
  'app_public.subscribe_to_push(text,text,text)',
  'app_public.unsubscribe_from_push(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A step of verbs and triggers that other roles reach only through them.', unnest(array[
  'app_private.apply_message_reports(uuid,text)',
  'app_private.appointment_facts(uuid,uuid,uuid,uuid,timestamp with time zone,timestamp with time zone,text,text)',
  'app_private.end_message(uuid,text,text)',
  'app_private.notify(uuid,text,jsonb,uuid,uuid,text,text,text,text,uuid,uuid)',
  'app_private.notify_many(uuid,text,app_private.message_recipient[],jsonb,uuid,uuid)',
  'app_private.organizer_of(uuid,uuid,text)',
  'app_private.queue_messages(uuid,text,app_private.message_recipient[],uuid,uuid,timestamp with time zone,text,integer)',
  'app_private.recipient_is_full(uuid,text,text,text)',
  'app_private.ways_to_reach(uuid,text,app_private.message_recipient[])',
  'app_private.words_of(uuid,text,text,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.claim_message(uuid)',
  'app_private.consume_notifications(uuid)',
  'app_private.drop_push_subscription(uuid)',
  'app_private.end_stuck_messages()',
  'app_private.push_subscriptions_of(uuid)',
  'app_private.put_in_inbox(uuid,uuid,uuid,text,text,timestamp with time zone)',
  'app_private.record_message_accepted(uuid,uuid,text,text)',
  'app_private.record_message_refused(uuid,uuid,text,boolean)',
  'app_private.record_message_status(uuid,text,text,text,timestamp with time zone,text,boolean)',
  'app_private.record_text_opt_out(uuid,text,text,boolean)',
  'app_private.suppress_address(uuid,uuid,text,text,text)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('references', 'app_private.guest_links.subject_id', 'A link opens a row of whatever table its kind says.'),
  ('tenant_uniques', 'app_private.guest_links_token_hash_is_of_one',
   'A digest of 128 random bits: it tells nobody anything.'),
  ('across_clinics', 'app_private.end_stuck_messages()',
   'A sweep of the worker over whatever is due on its server.'),
  ('facts', 'app_public.clinic_message_templates.title',
   'A text with placeholders, which edit_message_template() judges.'),
  ('facts', 'app_public.inbox_items.title', 'Rendered from a template.'),
  ('folding', 'app_public.messages.recipient: recipient_email',
   'ASCII by messages_recipient_email_is_valid; the table is not rewritten for it.'),
  ('growth', 'app_private.lifted_suppressions', 'A few a year.'),
  ('references', 'app_private.message_reports.integration_id',
   'A trace of who reported, kept when the integration is gone.'),
  ('references', 'app_public.inbox_items.message_id',
   'What is read may stay when the message''s own trace is deleted.'),
  ('references', 'app_public.messages.integration_id',
   'A trace of whose account carried it, kept when the integration is gone.'),
  ('tenant_identity', 'app_private.lifted_suppressions',
   'Nothing references it, and the platform''s have no clinic.'),
  ('tenant_rows', 'app_private.lifted_suppressions', 'What the platform''s own vendors had reported.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A person''s own clinics, profiles, appointments and rights: asked of each server that knows the person.', unnest(array[
  'app_public.mark_inbox_read()',
  'app_public.subscribe_to_push(text,text,text)',
  'app_public.unsubscribe_from_push(text)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'facts', 'Copied from whom it is for.', unnest(array[
  'app_public.messages.recipient_email',
  'app_public.messages.recipient_name',
  'app_public.messages.recipient_phone'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'One row an address, which says for as long as it stands that nobody writes there.', unnest(array[
  'app_private.clinic_suppressed_addresses',
  'app_private.opt_outs',
  'app_private.suppressed_addresses'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.', unnest(array[
  'app_public.clinic_message_templates',
  'app_public.whatsapp_templates'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A few a person, as long as the account exists.', unnest(array[
  'app_public.notification_preferences',
  'app_public.push_subscriptions',
  'app_public.quiet_hours'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.guest_links', 'token_hash', 'A token is one link (APT-05).'),
  ('app_private.link_kinds', 'data_key', 'A variable of messages names one kind of link.'),
  ('app_private.link_kinds', 'url_name', 'A link is called by one name in texts.'),
  ('app_private.message_channels', 'template_key, route, rank', 'Of the channels of a route one comes next (FND-15).'),
  ('app_private.message_reports', 'integration_id, vendor, vendor_id, status', 'A vendor''s report is kept once for each account (FND-35).'),
  ('app_public.clinic_message_templates', 'organization_id, template_key, channel, locale, version', 'A version of a clinic''s words is written once (FND-15).'),
  ('app_public.inbox_items', 'organization_id, message_id', 'A message is in an inbox once (FND-15).'),
  ('app_public.messages', 'organization_id, event_id, template_key, channel, recipient, account_id', 'Nobody is told the same thing twice (FND-15).'),
  ('app_public.notification_preferences', 'human_id, patient_profile_id, topic, channel', 'A person wants a topic over a channel, or does not (FND-15).'),
  ('app_public.push_subscriptions', 'endpoint', 'A browser is one person''s (FND-15).'),
  ('app_public.quiet_hours', 'human_id, patient_profile_id', 'A person has quiet hours once (FND-15).');
