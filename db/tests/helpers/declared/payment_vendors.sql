-- Allowed in payment_vendors, with the reason: the engine's rights, exceptions from the lint.

insert into tests.allowed_definer_functions (reason, function) values
  ('A job of the worker, which has no grant on any table.', 'app_hidden.record_provider_subscription(text,text,text,timestamp with time zone)'),
  ('A job of the worker, which has no grant on any table.',
   'app_hidden.record_payment_card(text,text,text,text,text,timestamp with time zone,boolean)'),
  ('The steps of a mutation that asks a vendor: they check the callers permission, then work on a table the caller has no grant on.',
   'app_hidden.card_update_form(uuid)'),
  ('The server and the worker say what a vendor answered; whoever asked for it was asked before.',
   'app_hidden.record_payment_customer(uuid,text,text)');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.payment_cards', 'organization_id, subscription_id', 'A subscription is paid by one card (BIL-08).'),
  ('app_private.provider_cards', 'organization_id, subscription_id, provider_card_id', 'A card of a subscription is kept once (BIL-08).');

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_public.payment_cards', 'One of each subscription.'),
  ('growth', 'app_private.provider_cards', 'A few of each subscription: as many as a clinic enters.'),
  ('across_clinics', 'app_hidden.record_payment_card(text,text,text,text,text,timestamp with time zone,boolean)',
   'What the vendor tells names its customer and no clinic: it is of one.'),
  ('across_clinics', 'app_hidden.record_provider_subscription(text,text,text,timestamp with time zone)',
   'What the vendor tells names its subscription and no clinic: it is of one.');
