-- Allowed in treatment, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function) values
  ('A job of the worker, which has no grant on any table.', 'app_private.tend_treatment_plans(integer)');

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_appointments__settle_treatment_session()',
  'app_private.tg_only_of_drafts()',
  'app_private.tg_patient_sessions__publish()',
  'app_private.tg_patient_treatment_plans__publish()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.approve_treatment_plan(uuid)',
  'app_public.assign_treatment_plan(uuid,uuid,date,integer[],date,uuid,boolean,uuid)',
  'app_public.complete_clinic_session(uuid,text)',
  'app_public.complete_session(uuid,integer,integer,timestamp with time zone)',
  'app_public.draft_treatment_plan(text,jsonb,uuid,uuid,text,text)',
  'app_public.edit_treatment_plan(uuid,text,jsonb,text)',
  'app_public.link_session(uuid,uuid)',
  'app_public.log_exercise(uuid,integer,uuid,timestamp with time zone,integer,integer,integer,text)',
  'app_public.migrate_treatment_plan(uuid,uuid,text)',
  'app_public.patient_sessions_later_contraindications(app_public.patient_sessions)',
  'app_public.retire_treatment_plan(uuid,text)',
  'app_public.set_treatment_status(uuid,text,text)',
  'app_public.submit_treatment_plan(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.tend_treatment_plans(integer)', 'A sweep of the worker over whatever is due on its server.'),
  ('column_types', 'app_public.patient_sessions.acknowledged_ids', 'Ids out of the version''s snapshot: the library may have worded them otherwise since.'),
  ('positions', 'app_public.patient_sessions.position', 'Which session of its version it is: one that is extra, or was cancelled, has that of another.'),
  ('references', 'app_public.patient_exercise_logs.client_id', 'Given by the patient''s device, of nothing but the entry.'),
  ('references', 'app_public.treatment_plans.patient_profile_id', 'A plan for a patient has a clinic, so treatment_plans_patient_fkey is checked.'),
  ('references', 'app_public.treatment_plans.scope_id', 'The clinic, or zero for the platform.'),
  ('remembered_verbs', 'app_public.set_treatment_status(uuid,text,text)', 'Makes nothing: it settles what was due before, once, and a state has no move to itself.'),
  ('tenant_foreign_keys', 'app_public.treatment_plans (treatment_plans_patient_fkey)', 'A plan for a patient has a clinic: treatment_plans_of_a_patient_are_custom.');

insert into tests.lint_exceptions (rule, reason, object)
select rules.rule, rules.reason, 'app_public.' || tables.name
from (values
  ('tenant_identity', 'The platform has rows too: (scope_id, id) instead.'),
  ('tenant_rows', 'The platform''s treatment plans, which every clinic may assign, have no clinic.')
) as rules (rule, reason)
cross join unnest('{treatment_plan_exercises,treatment_plan_sessions,treatment_plan_versions,treatment_plans}'::text[]) as tables (name);

insert into tests.lint_exceptions (rule, reason, object)
select 'tenant_uniques', 'scope_id is the clinic, or zero for the platform.', unnest(array[
  'app_public.treatment_plan_exercises_identity',
  'app_public.treatment_plan_exercises_position_is_used_once',
  'app_public.treatment_plan_sessions_identity',
  'app_public.treatment_plan_sessions_position_is_used_once',
  'app_public.treatment_plan_versions_are_numbered',
  'app_public.treatment_plan_versions_are_of_their_plan',
  'app_public.treatment_plan_versions_identity',
  'app_public.treatment_plan_versions_one_is_on_the_way',
  'app_public.treatment_plans_identity'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('tenant_uniques', 'app_public.treatment_plans_slug_is_used_once', 'Only plans of the platform have one.');

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file: it grows with what patients do, and how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_public.patient_exercise_logs',
  'app_public.patient_sessions',
  'app_public.patient_treatment_plans',
  'app_public.treatment_plan_moves'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A version for each time that somebody wrote what is different: patients were treated by it.', unnest(array[
  'app_private.treatment_plan_authors',
  'app_public.treatment_plan_exercises',
  'app_public.treatment_plan_sessions',
  'app_public.treatment_plan_versions',
  'app_public.treatment_plans'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.patient_exercise_logs', 'organization_id, client_id', 'An entry that a device sends again is the same one (EXE-02).'),
  ('app_public.patient_exercise_logs', 'organization_id, patient_session_id, place', 'An exercise of a session is logged in one place.'),
  ('app_public.patient_sessions', 'organization_id, appointment_id', 'An appointment is one session of a treatment plan (EXE-04).'),
  ('app_public.patient_sessions', 'organization_id, patient_treatment_plan_id, position', 'A session is due once; beyond that it is an extra one.'),
  ('app_public.patient_treatment_plans', 'organization_id, id, patient_profile_id', 'A session is of the patient of its plan.'),
  ('app_public.patient_treatment_plans', 'organization_id, patient_profile_id, treatment_plan_id', 'A patient has a treatment plan once at a time.'),
  ('app_public.treatment_plan_exercises', 'scope_id, id', 'Instead of (organization_id, id): the platform has rows too.'),
  ('app_public.treatment_plan_exercises', 'scope_id, version_id, session_position, position', 'Exercises of a session stand in one order.'),
  ('app_public.treatment_plan_sessions', 'scope_id, id', 'Instead of (organization_id, id): the platform has rows too.'),
  ('app_public.treatment_plan_sessions', 'scope_id, version_id, position', 'Sessions of a version stand in one order.'),
  ('app_public.treatment_plan_versions', 'scope_id, id', 'What sessions, moves and authors refer to.'),
  ('app_public.treatment_plan_versions', 'scope_id, treatment_plan_id', 'One version of a plan is being written or waits (TPL-02).'),
  ('app_public.treatment_plan_versions', 'scope_id, treatment_plan_id, id', 'A patient''s version is one of their plan.'),
  ('app_public.treatment_plan_versions', 'scope_id, treatment_plan_id, number', 'Versions are counted.'),
  ('app_public.treatment_plans', 'scope_id, id', 'What versions refer to.'),
  ('app_public.treatment_plans', 'slug', 'Programs know a plan of the platform by its slug.');

select tests.freezes('update, delete, truncate',
  'app_public.treatment_plan_moves');
select tests.freezes('truncate',
  'app_public.treatment_plan_exercises',
  'app_public.treatment_plan_sessions',
  'app_public.treatment_plan_versions');
