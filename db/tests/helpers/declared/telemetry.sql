-- Allowed in telemetry, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.start_exercise_session(uuid,uuid,integer,uuid[])',
  'app_hidden.my_exercise_sessions()',
  'app_hidden.open_replay(uuid)',
  'app_hidden.patient_exercise_sessions(uuid)',
  'app_public.patient_sessions_to_do(app_public.patient_sessions)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'What telemetry may ask and tell of one recording; it has a grant on no table.', unnest(array[
  'app_telemetry.claim_to_finalize(uuid,integer)',
  'app_telemetry.finalized(uuid,text,text,bigint)',
  'app_telemetry.publish_aggregated(uuid,jsonb)',
  'app_telemetry.record_gap(uuid,integer,integer)',
  'app_telemetry.session_state(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.consume_telemetry(uuid)',
  'app_private.due_replays(integer,text[])',
  'app_private.open_metrics_months(integer)',
  'app_private.record_replay_step(uuid,text)',
  'app_private.refresh_cohorts()'
]);

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.open_metrics_month(timestamp with time zone)',
   'Only the owner of a partitioned table may attach to it; takes a time, makes two empty tables.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.my_exercise_sessions()', 'What is recorded of the caller and of whom they care for, at every clinic of theirs.'),
  ('across_clinics', 'app_private.refresh_cohorts()', 'Groups over all clinics are what it makes; none of fewer than ten patients.'),
  ('across_clinics', 'app_private.due_replays(integer,text[])', 'A sweep of the worker over whatever is due on its server, each clinic by its own policy.'),
  ('across_clinics', 'app_private.open_metrics_months(integer)', 'Makes empty tables, in which every clinic of the server writes.'),
  ('definer_functions', 'app_private.open_metrics_month(timestamp with time zone)',
   'Only the owner of a partitioned table may attach to it; it takes a time and no text, and row security leaves the owner no row.');

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file: it grows with what patients do, and how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_private.session_aggregates',
  'app_public.exercise_sessions',
  'app_public.media_session_metrics',
  'app_public.pose_session_metrics'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.media_session_metrics', 'organization_id, exercise_session_id, place, algorithm_version', 'A version of the algorithm says of an exercise once how it was watched (TEL-04).'),
  ('app_public.patient_sessions', 'organization_id, id, patient_profile_id', 'A recording is of the patient of its session.'),
  ('app_public.pose_session_metrics', 'organization_id, exercise_session_id, place, algorithm_version', 'A version of the algorithm says of an exercise once what the camera made of it (TEL-04).');
