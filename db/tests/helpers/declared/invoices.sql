-- Allowed in invoices, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_hidden.document_to_issue(text,uuid)',
  'app_hidden.record_document_failed(text,uuid,text,boolean)',
  'app_hidden.record_document_issued(text,uuid,text,text,text,bigint,bigint)',
  'app_private.clinics_billed(uuid,integer)',
  'app_private.verify_clinic_billing(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.cadence_change_preview(uuid,text)',
  'app_public.explain_line(uuid)',
  'app_public.projected_invoice(uuid)',
  'app_public.set_document_series(text,boolean)',
  'app_public.tier_change_preview(uuid,uuid)',
  'app_public.verify_billing(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_postings__balance()');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.document_series', 'kind', 'One series of a kind is current.'),
  ('app_public.invoice_lines', 'organization_id, invoice_id, position', 'Lines stand in one order.'),
  ('app_public.invoices', 'organization_id, subscription_id, period_id, kind', 'A period is billed once, and once in advance (BIL-02).'),
  ('app_public.invoices', 'series, number', 'A number is given once (BIL-07).'),
  ('app_public.period_bills', 'organization_id, invoice_id', 'An invoice is of one period.'),
  ('app_public.period_bills', 'organization_id, period_id, kind', 'A period is opened and closed once (BIL-02).'),
  ('app_public.period_bills', 'organization_id, subscription_id, position', 'Bills follow each other: what is carried over has one way.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_public.set_document_series(text,boolean)', 'Of this server and of no clinic: a superadmin sets in which series it numbers.'),
  ('class_names', 'app_public.invoices.tax_id_sealed_for', 'The row that the envelope was sealed for: a table and an id.'),
  ('references', 'app_private.postings.document_id', 'An invoice, a credit note, a payment or a refund: document_kind says which.'),
  ('tenant_uniques', 'app_public.invoices_number_is_unique', 'A series is one server''s, and its numbers are given once, whichever clinic has them.');

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'Books: kept for ten years at least. What the law asks for is for counsel to confirm.', unnest(array[
  'app_private.postings',
  'app_public.invoice_lines',
  'app_public.invoices',
  'app_public.period_bills'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'json_columns', 'Written by the functions that bill, and by nobody else: prices, days and quantities, and nothing about a person.', unnest(array[
  'app_public.invoice_lines.descriptions',
  'app_public.invoices.inputs',
  'app_public.period_bills.lines'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_private.document_series', 'A few a server, set by superadmins.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('suspended', 'app_private.messages_about_invoice(app_private.events)', 'What a clinic owes is told, whatever its subscription is: paying brings it back.');

select tests.freezes('update, delete, truncate',
  'app_private.postings',
  'app_public.invoice_lines',
  'app_public.period_bills');
select tests.freezes('truncate',
  'app_public.invoices');
