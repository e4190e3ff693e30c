-- Allowed in classification, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A task of the clock: it deletes what is over, and the worker has no grant on the table.', unnest(array[
  'app_private.act_on_retention(text,text,integer)',
  'app_private.retention_acts()'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.act_on_retention(text,text,integer)',
   'A sweep of the worker over whatever is due on its server.'),
  ('across_clinics', 'app_private.retention_acts()',
   'Of the process and its server: no clinic''s rows, or those of its queue.'),
  ('facts', 'app_private.retention_runs.table_name', 'The name of a table.'),
  ('growth', 'app_private.retention_runs', 'One row a rule.'),
  ('owned_rows', 'app_private.retention_rules', 'The policy file of a table says how its rows age, by retain().'),
  ('reference_keys', 'app_private.classified_columns.classified_columns_table_name_fkey',
   'Said anew, by the same call, whenever the table is.');

insert into tests.lint_exceptions (rule, reason, object)
select 'owned_rows', 'Every policy file says what its own table holds, by classify().', unnest(array[
  'app_private.classified_columns',
  'app_private.classified_tables'
]);
