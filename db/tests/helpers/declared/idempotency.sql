-- Allowed in idempotency, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.forget_remembered_mutations()',
   'A task of the clock: it deletes what is over, and the worker has no grant on the table.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.forget_remembered_mutations()',
   'A sweep of the worker over whatever is due on its server.');
