-- Allowed in payments, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_hidden.attempt_to_charge(uuid)',
  'app_hidden.documents_to_check(integer)',
  'app_hidden.record_attempt(uuid,text,text,text,timestamp with time zone)',
  'app_hidden.record_refund(uuid,text,text,text,timestamp with time zone)',
  'app_hidden.record_tax_state(uuid,text,text,text)',
  'app_hidden.refund_to_make(uuid)',
  'app_hidden.settle_invoice(uuid)',
  'app_hidden.warn_of_tax_deadlines(integer)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.billing_overview(uuid,integer,boolean,text,text)',
  'app_public.credit_invoice(uuid,jsonb,text)',
  'app_public.discount_invoice(uuid,bigint,text)',
  'app_public.record_bank_transfer(uuid,bigint,date,text,text)',
  'app_public.refund_payment(uuid,bigint,text)',
  'app_public.void_invoice(uuid,text)',
  'app_public.write_off_invoice(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_invoices__settle()');
