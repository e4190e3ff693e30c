-- Allowed in rules, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.explain_rule(uuid,uuid,jsonb)',
  'app_public.preview_rule(uuid,jsonb,integer)',
  'app_public.rule_builder(uuid,text)'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.rule_fields', 'collection, position', 'A place among the fields of a patient, or of what is counted, is one field''s.'),
  ('app_private.rule_operators', 'type, position', 'A place among the operators of a type is one operator''s.');
