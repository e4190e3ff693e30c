-- Allowed in automation, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.lint_exceptions (rule, object, reason)
select 'json_columns', objects.name, 'What a clinic set up, for everybody alike; automation_problems() says what may stand there.'
from unnest(array[
  'app_public.automation_rule_versions.actions',
  'app_public.automation_rule_versions.conditions'
]) as objects (name);

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_public.automation_rules.event_name', 'The name of an event.'),
  ('growth', 'app_public.automation_rules', 'What a clinic sets up by hand; a hundred stand at once.'),
  ('growth', 'app_public.automation_rule_versions', 'A row for each change that somebody makes by hand.');
