-- Allowed in limits, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_hidden.share_spending(bytea[],integer[])',
   'Servers add up what callers spent, before anybody is anybody; digests and times only.'),
  ('app_private.forget_spent_allowances()',
   'A task of the clock: it deletes what is over, and the worker has no grant on the table.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.share_spending(bytea[],integer[])',
   'Of the process and its server: no clinic''s rows, or those of its queue.'),
  ('across_clinics', 'app_private.forget_spent_allowances()',
   'A sweep of the worker over whatever is due on its server.'),
  ('growth', 'app_private.spent_allowances',
   'forget_spent_allowances() deletes what says nothing any more, minutes later: nothing is retained.');
