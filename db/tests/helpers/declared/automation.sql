-- Allowed in automation, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.consume_automations(uuid)',
  'app_private.run_due_automation()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb: it checks the callers permission, then works on tables the caller has no grant on.', unnest(array[
  'app_public.automation_builder(uuid)',
  'app_public.create_automation(uuid,text,text,jsonb,jsonb,boolean,integer,integer)',
  'app_public.disable_automation(uuid)',
  'app_public.edit_automation(uuid,text,jsonb,jsonb,integer,integer,integer)',
  'app_public.enable_automation(uuid)',
  'app_public.remove_automation(uuid)',
  'app_public.reorder_automations(uuid,uuid[])',
  'app_public.simulate_automation(uuid,integer,uuid,text,jsonb,jsonb,integer,integer)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger: whoever takes something back takes along what waits because of it.', unnest(array[
  'app_private.tg_automation_rules__keep_interests()',
  'app_private.tg_events__cancel_automations()',
  'app_private.tg_patients__cancel_automations()'
]);

insert into tests.lint_exceptions (rule, object, reason)
select 'json_columns', objects.name, 'What a clinic set up, for everybody alike; automation_problems() says what may stand there.'
from unnest(array[
  'app_public.automation_rule_versions.actions',
  'app_public.automation_rule_versions.conditions'
]) as objects (name);

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_public.automation_rules.event_name', 'The name of an event.'),
  ('growth', 'app_public.automation_rules', 'What a clinic sets up by hand; a hundred stand at once.'),
  ('growth', 'app_public.automation_rule_versions', 'A row for each change that somebody makes by hand.'),
  ('across_clinics', 'app_private.run_due_automation()', 'A sweep of the worker over whatever is due on its server.');

insert into tests.allowed_definer_functions (reason, function) values
  ('A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', 'app_public.lift_patient_requirement(uuid,text)'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_consents__fulfil_requirements()'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_forms__fulfil_requirements()');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.automation_executions', 'automation_rule_version_id, event_id, action_index', 'An action is done once about an event (AUT-03).'),
  ('app_public.automation_rule_versions', 'organization_id, automation_rule_id, id', 'A version is of one automation.'),
  ('app_public.automation_rule_versions', 'organization_id, automation_rule_id, version', 'A number is one version.'),
  ('app_public.automation_rules', 'organization_id, position', 'A place is one automation''s.');

select tests.freezes('update, delete, truncate',
  'app_public.automation_rule_versions');
select tests.freezes('delete, truncate',
  'app_public.automation_executions');
