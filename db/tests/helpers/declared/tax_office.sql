-- Allowed in tax_office, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_hidden.record_tax_message(text,text,text,text)',
  'app_hidden.tax_uploads_of(uuid[])',
  'app_hidden.unread_tax_messages(text,text[])'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.tax_office_messages', 'office, message_id', 'A message of the tax office is read once (BIL-04).');

insert into tests.lint_exceptions (rule, object, reason)
select 'across_clinics', object, 'What the tax office says to the platform: its messages name no clinic.'
from unnest(array[
  'app_hidden.record_tax_message(text,text,text,text)',
  'app_hidden.unread_tax_messages(text,text[])'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('class_names', 'app_private.tax_office_messages.message_id', 'What the tax office calls its message: a number.');
