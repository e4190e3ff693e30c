-- Allowed in consents, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_consents__moved()'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_public.consents', 'The ledger that proves what people agreed to: nobody may delete from it.'),
  ('secret_columns', 'app_public.consents.evidence_hash', 'The sum of a proof that the person has as well: it opens nothing.'),
  ('tenant_foreign_keys', 'app_public.consents (consents_are_about_a_patient)',
   'Without a clinic there is no patient: consents_are_of_a_patient_or_of_an_account.');

insert into tests.lint_exceptions (rule, reason, object)
select 'tenant_rows', 'The platform''s purposes and versions, and what accounts answered to the platform, have no clinic.', unnest(array[
  'app_public.consent_purpose_versions',
  'app_public.consent_purposes',
  'app_public.consents'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A few a year, and people accepted them.', unnest(array[
  'app_public.consent_purpose_versions',
  'app_public.consent_purposes'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'tenant_identity', 'The platform has rows too: (scope_id, id) instead.', unnest(array[
  'app_public.consent_purpose_versions',
  'app_public.consent_purposes'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'tenant_uniques', 'scope_id is the clinic, or zero for the platform.', unnest(array[
  'app_public.consent_purpose_versions_are_numbered',
  'app_public.consent_purpose_versions_identity',
  'app_public.consent_purposes_code_is_known_by_its_clinic',
  'app_public.consent_purposes_identity'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'references', 'The clinic, or zero for the platform.', unnest(array[
  'app_public.consent_purpose_versions.scope_id',
  'app_public.consent_purposes.scope_id'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.consent_purpose_versions', 'scope_id, purpose_code, number', 'Versions are numbered at the platform and at each clinic (FND-16).'),
  ('app_public.consent_purpose_versions', 'scope_id, id', 'What consents refers to.'),
  ('app_public.consent_purposes', 'scope_id, id', 'Everything of a clinic is referred to together with it.'),
  ('app_public.consent_purposes', 'scope_id, code', 'A purpose has one code at the platform and at each clinic (FND-16).');

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.my_consent_trail()',
  'app_hidden.patient_consent_trail(uuid,uuid)',
  'app_public.consents_decided_by_name(app_public.consents)',
  'app_public.consents_withdrawn_by_name(app_public.consents)',
  'app_public.give_consent(uuid,uuid)',
  'app_public.my_consents(uuid,uuid)',
  'app_public.override_consent(uuid,uuid,text,text)',
  'app_public.patient_consents(uuid,uuid)',
  'app_public.publish_consent_version(uuid,text,text,text,text,text,boolean,timestamp with time zone)',
  'app_public.publish_privacy_notice(uuid,text[],boolean)',
  'app_public.record_consent(uuid,uuid,uuid,text,text,uuid)',
  'app_public.withdraw_consent(text,uuid)',
  'app_public.withdraw_medical_consents(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.my_consent_trail()',
   'A person''s own answers: asked of each server that knows the person.'),
  ('growth', 'app_public.erasure_requests', 'One an account, and it proves that somebody asked.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.erasure_requests', 'human_id', 'The erasure of an account is asked for once (FND-18).'),
  ('app_public.privacy_notice_sections', 'template_version, position', 'The sections of a template have an order (FND-19).');
