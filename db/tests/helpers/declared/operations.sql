-- Allowed in operations, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.migrated_to()', 'Readiness: a file name, and nothing else of the schema it reads.'),
  ('app_private.queue_figures()', 'A job of the worker, which has no grant on any table.'),
  ('app_private.retention_figures()',
   'A task of the clock: it deletes what is over, and the worker has no grant on the table.');

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.dead_letters()',
  'app_public.discard_dead_letter(bigint,text)',
  'app_public.replay_dead_letter(bigint)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('column_types', 'app_private.dead_letter_decisions.job_id', 'The queue numbers its jobs.'),
  ('homes', 'app_private.dead_letter_decisions (dead_letter_decisions_decided_by_fkey)',
   'Superadmins decide, and they have an account on every server.'),
  ('json_columns', 'app_private.dead_letter_decisions.payload', 'A job''s payload carries ids only.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'Of the process and its server: no clinic''s rows, or those of its queue.', unnest(array[
  'app_hidden.migrated_to()',
  'app_private.queue_figures()',
  'app_private.retention_figures()'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'For superadmins, about the platform: on one server, its part.', unnest(array[
  'app_public.dead_letters()',
  'app_public.discard_dead_letter(bigint,text)',
  'app_public.replay_dead_letter(bigint)'
]);
