-- Allowed in telemetry, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.start_exercise_session(uuid,uuid,integer,uuid[])',
  'app_public.patient_sessions_to_do(app_public.patient_sessions)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file: it grows with what patients do, and how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_public.exercise_sessions'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.patient_sessions', 'organization_id, id, patient_profile_id', 'A recording is of the patient of its session.');
