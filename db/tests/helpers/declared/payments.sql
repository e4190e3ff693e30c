-- Allowed in payments, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_hidden.attempt_to_charge(uuid)',
  'app_hidden.documents_to_check(integer)',
  'app_hidden.record_attempt(uuid,text,text,text,timestamp with time zone)',
  'app_hidden.record_refund(uuid,text,text,text,timestamp with time zone)',
  'app_hidden.record_tax_state(text,uuid,text,text,text)',
  'app_hidden.refund_to_make(uuid)',
  'app_hidden.settle_invoice(uuid)',
  'app_hidden.warn_of_tax_deadlines(integer)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.billing_overview(uuid,integer,boolean,text,text)',
  'app_public.carried_credits(uuid)',
  'app_public.credit_carried_amount(uuid,text)',
  'app_public.clinics_overview(uuid,integer,text,text,boolean)',
  'app_public.credit_invoice(uuid,jsonb,text)',
  'app_public.discount_invoice(uuid,bigint,text)',
  'app_public.record_bank_transfer(uuid,bigint,date,text,text)',
  'app_public.refund_payment(uuid,bigint,text)',
  'app_public.set_platform_bank_account(text,text,text,text,text)',
  'app_public.void_invoice(uuid,text)',
  'app_public.write_off_invoice(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_invoices__settle()');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.credit_note_lines', 'organization_id, credit_note_id, invoice_line_id', 'A credit note names a line once.'),
  ('app_public.credit_notes', 'series, number', 'A number is given once (BIL-07).'),
  ('app_public.payment_attempts', 'organization_id, invoice_id', 'One try to take the money of an invoice is open (BIL-05).'),
  ('app_public.payment_attempts', 'organization_id, invoice_id, position', 'The tries of an invoice follow each other.'),
  ('app_public.payment_attempts', 'provider, provider_payment_id', 'What a vendor made is of one attempt.'),
  ('app_public.payments', 'provider, provider_payment_id', 'A payment is recorded once (BIL-05, BIL-07).'),
  ('app_public.write_offs', 'organization_id, invoice_id', 'An invoice is given up once.');

insert into tests.lint_exceptions (rule, object, reason)
select 'across_clinics', object, 'A sweep of the worker over whatever is due on its server.'
from unnest(array['app_hidden.documents_to_check(integer)', 'app_hidden.warn_of_tax_deadlines(integer)']) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'growth', object, 'Books: kept for ten years at least. What the law asks for is for counsel to confirm.'
from unnest(array[
  'app_public.credit_note_lines',
  'app_public.credit_notes',
  'app_public.payment_allocations',
  'app_public.payment_attempts',
  'app_public.payments',
  'app_public.refunds',
  'app_public.write_offs'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_public.set_platform_bank_account(text,text,text,text,text)',
   'For superadmins, about the platform: on one server, its part.'),
  ('class_names', 'app_public.platform_bank_accounts.iban', 'The platform''s own, which every clinic pays to.'),
  ('growth', 'app_public.platform_bank_accounts', 'A row for each currency that is billed.'),
  ('class_names', 'app_public.payments.note', 'What staff of the platform write beside a bank transfer; nothing of a patient.'),
  ('tenant_uniques', 'app_public.credit_notes_number_is_unique', 'A series is one server''s, and its numbers are given once, whichever clinic has them.'),
  ('tenant_uniques', 'app_public.payment_attempts_at_the_provider', 'A vendor''s id is the vendor''s: what it made is of one attempt, whichever clinic has it.'),
  ('tenant_uniques', 'app_public.payments_are_recorded_once', 'A vendor''s id is the vendor''s; of a bank transfer it begins with the clinic.');
