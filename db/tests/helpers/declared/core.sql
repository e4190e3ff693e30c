-- Allowed in core, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.fixed_lists()', 'The API asks before anybody is anybody what words it knows: rows of the product, and of nobody.'),
  ('app_private.current_actor_id()', 'A step of verbs and triggers that other roles reach only through them.'),
  ('app_private.tg_guard_state()', 'A trigger that reads or writes beyond the grants of whoever caused it.'),
  ('app_private.tg_state_transitions__in_use()',
   'Asks for a migration whether rows of clinics are in a state, which the migrator does not see.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.fixed_lists()',
   'Of the process and its server: no clinic''s rows, or those of its queue.'),
  ('across_clinics', 'app_private.current_actor_id()',
   'Of the process and its server: no clinic''s rows, or those of its queue.'),
  ('owned_rows', 'app_private.owned_rows', 'Written by own_rows() itself.'),
  ('owned_rows', 'app_public.time_zones',
   'The zones that the server''s own time zone database knows: a migration asked it.');

insert into tests.lint_exceptions (rule, reason, object)
select 'folding', 'The name of a column, as the API writes it.', unnest(array[
  'app_private.camel_case(text): "left"(name, 1',
  'app_private.camel_case(text): name'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_hidden.error_codes', 'sqlstate', 'An SQLSTATE means one error.'),
  ('app_private.object_surfaces', 'prefix', 'A folder of the object store belongs to one surface.');
