-- Allowed in tax_office, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_hidden.record_tax_message(text,text,text,text)',
  'app_hidden.tax_uploads_of(uuid[])',
  'app_hidden.unread_tax_messages(text,text[])'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.tax_office_messages', 'office, message_id', 'A message of the tax office is read once (BIL-04).');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.tax_uploads_of(uuid[])', 'A sweep of the worker over the invoices that it names.');
