-- Allowed in service_accounts, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.create_service_account_key(text,text,uuid)',
  'app_public.grant_entitlement(uuid,text,text)',
  'app_public.revoke_entitlement(uuid,text)',
  'app_public.revoke_service_account_key(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A door for programs: it looks at the key that was given, and writes in the name of its principal.',
   'app_hidden.record_ai_call_by_key(bytea,uuid,text,text,jsonb,timestamp with time zone)');

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_public.service_account_keys', 'Made by hand; twenty of a clinic are active at once.'),
  ('growth', 'app_public.organization_entitlements', 'Granted by hand, each once at a time.'),
  ('tenant_rows', 'app_public.service_account_keys', 'The platform''s own keys have no clinic.'),
  ('tenant_uniques', 'app_public.service_account_keys_digest_is_unique', 'A key opens one door, whoever''s it is.'),
  ('tenant_uniques', 'app_public.service_account_keys_have_a_principal_each', 'A principal is one key''s.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.organization_entitlements', 'organization_id, entitlement', 'A clinic has an entitlement once at a time.'),
  ('app_public.service_account_keys', 'digest', 'A token is one key.'),
  ('app_public.service_account_keys', 'principal_id', 'What a key writes is told from what another writes.');
