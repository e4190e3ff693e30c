-- Allowed in providers, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.destination_of(text,jsonb)',
   'A step of verbs and triggers that other roles reach only through them.'),
  ('app_private.tg_organization_integrations__bind_keys()',
   'A trigger that reads or writes beyond the grants of whoever caused it.');

insert into tests.allowed_definer_functions (reason, function)
select 'Secrets: processes ask for wrapped keys and sealed accounts; people have no grant on either, nor on these.', unnest(array[
  'app_hidden.integration_account(uuid)',
  'app_hidden.record_integration_result(uuid,boolean)',
  'app_hidden.record_integration_test(uuid,text,boolean,text)',
  'app_hidden.resolve_provider(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'Steps of saveIntegration and testIntegration around the sealing: each checks integrations.manage itself.', unnest(array[
  'app_hidden.integration_form(uuid,text,uuid,jsonb)',
  'app_hidden.require_integration(uuid)',
  'app_hidden.save_integration(uuid,uuid,text,text,jsonb,bytea,jsonb,boolean)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb about vendors: it checks the callers permission, and members have no write grant.', unnest(array[
  'app_public.choose_provider(uuid,text,text,uuid)',
  'app_public.disable_integration(uuid)',
  'app_public.enable_integration(uuid)',
  'app_public.remove_integration(uuid)',
  'app_public.set_platform_provider(text,text,boolean,boolean,boolean)',
  'app_public.use_platform_provider(uuid,text)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_public.set_platform_provider(text,text,boolean,boolean,boolean)',
   'For superadmins, about the platform: on one server, its part.'),
  ('class_names', 'app_public.organization_integrations.credentials_bound_to',
   'Says where the keys go, in settings that are no secret.'),
  ('class_names', 'app_public.service_providers.credential_fields',
   'Says which keys an account has, and holds none.'),
  ('folding', 'app_public.organization_integrations_label_is_unique: label',
   'Names that people read: alike but for capitals is alike.'),
  ('json_columns', 'app_public.organization_integrations.last_four', 'Four characters a field, by constraint.'),
  ('json_columns', 'app_public.organization_integrations.settings',
   'Only what the provider declares: save_integration() refuses the rest.'),
  ('retentions', 'app_public.platform_service_providers',
   'Rows come by migrations; superadmins only choose which of them serves.');

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.', unnest(array[
  'app_public.organization_integrations',
  'app_public.organization_service_providers'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.organization_integrations', 'organization_id, (expression)', 'A clinic''s integrations differ in label, in whatever case.'),
  ('app_public.organization_integrations', 'organization_id, id, provider', 'What organization_service_providers refers to.'),
  ('app_public.platform_service_providers', 'capability', 'A capability has one default.');
