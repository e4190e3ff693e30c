-- Allowed in deletion, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.deleted_rows(uuid)',
  'app_public.restore_deleted_row(text,uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('owned_rows', 'app_private.soft_deletes',
   'The policy file of a table says that its rows may be deleted, by allow_soft_delete().'),
  ('reference_keys', 'app_private.soft_deletes.soft_deletes_table_name_fkey',
   'A table that is gone cannot be restored from.');
