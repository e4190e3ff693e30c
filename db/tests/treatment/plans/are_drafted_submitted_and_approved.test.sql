-- Test: treatment plans - who writes them, what may stand in them, and who approves them. TPL-01, TPL-02, REQ-TP-001.
begin;
select plan(73);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true), tests.person('ruth', superadmin => true);
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.staff('sorin', 'specialist');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist'), tests.staff('silvia', 'specialist'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.remember('squat', tests.published_exercise('test-squat')), tests.remember('plank', tests.published_exercise('test-plank', 'duration_based'));
select tests.remember('unfinished', tests.exercise('test-unfinished'));
create function pg_temp.exercise(name text, prescription jsonb) returns jsonb language sql as $$
  select jsonb_build_object('exerciseId', tests.id(exercise.name), 'prescription', exercise.prescription)
$$;
create function pg_temp.sessions(variadic exercises jsonb[]) returns jsonb language sql as $$
  select jsonb_build_array(jsonb_build_object('title', '{"ro": "Prima", "en": "First"}'::jsonb, 'place', 'home', 'afterDays', 0, 'exercises', to_jsonb(exercises)))
$$;
create function pg_temp.squats() returns jsonb language sql as $$
  select pg_temp.sessions(pg_temp.exercise('squat', '{"sets": 3, "reps": 10.0, "restSeconds": 30}'))
$$;
create function pg_temp.problem(sessions jsonb) returns text language sql as $$ select app_private.treatment_content_problem(sessions) $$;
create function pg_temp.version(plan text) returns app_public.treatment_plan_versions language sql security definer as $$
  select v from app_public.treatment_plan_versions v where v.treatment_plan_id = tests.id(plan) order by v.number desc limit 1
$$;

-- Who may.
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', '[]', tests.id('atlas'))$$, '42501', null, 'a visitor writes none');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'nor front desk');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'nor a patient');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), slug => 'knee')$$, 'NOT_FOUND', 'not_found', 'who hears nothing of the platform''s');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), slug => 'knee')$$, 'FORBIDDEN', 'superadmin_only', 'the platform''s are not a clinic''s to write');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), tests.id('atlas'), tests.id('dan at boreal'))$$, 'NOT_FOUND', 'patient_not_found', 'nor for a patient of another clinic');

-- What may stand in them.
select tests.act_as('the database');
select is(pg_temp.problem(pg_temp.squats()), null, 'a session with an exercise');
select is(pg_temp.problem('{}'), 'sessions', 'no list');
select is(pg_temp.problem('[]'), 'sessions', 'no session');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,title}', '{"en": "First"}')), 'sessions.0.title', 'no title in Romanian');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,title}', '"ro"')), 'sessions.0.title', 'a title that says of no language that it is one');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,title,ro}', to_jsonb(repeat('a', 120)))), null, 'a title of 120 characters');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,title,ro}', to_jsonb(repeat('a', 121)))), 'sessions.0.title', 'and of one more');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,place}', '"beach"')), 'sessions.0.place', 'another place');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,afterDays}', '1.5')), 'sessions.0.afterDays', 'half a day');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,exercises}', '[]')), 'sessions.0.exercises', 'nothing to do at home');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,exercises}', '{}')), 'sessions.0.exercises', 'no list of what to do');
select is(pg_temp.problem(jsonb_set(jsonb_set(pg_temp.squats(), '{0,exercises}', '[]'), '{0,place}', '"clinic"')), null, 'as there may be in the clinic');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,more}', '1')), 'sessions.0', 'anything else');
select is(pg_temp.problem(jsonb_set(pg_temp.squats(), '{0,exercises,0,exerciseId}', '"squat"')), 'sessions.0.exercises.0.exerciseId', 'an exercise by its name');
select results_eq(
  $$select app_private.recipe_problem(p::jsonb) from unnest(array['{"sets": 3, "reps": 10, "restSeconds": 0, "side": "left", "tempo": {"up": 2, "hold": 0, "down": 2}}', '{"sets": 0, "reps": 10, "restSeconds": 0}',
    '{"sets": 1, "reps": 10, "seconds": 10, "restSeconds": 0}', '{"sets": 1, "restSeconds": 0}', '{"sets": 1, "reps": 101, "restSeconds": 0}', '{"sets": 1, "seconds": 3601, "restSeconds": 0}',
    '{"sets": 1, "reps": 1}', '{"sets": 1, "reps": 1, "restSeconds": 0, "side": "up"}', '{"sets": 1, "reps": 1, "restSeconds": 0, "tempo": {"up": 2}}', '{"sets": 1, "reps": 1, "restSeconds": 0, "weight": 2}', '[]']) p$$,
  array[null, '.sets', '.reps', '.reps', '.reps', '.seconds', '.restSeconds', '.side', '.tempo', '', ''], 'each part of a prescription');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', '[]', tests.id('atlas'))$$, 'VALIDATION', 'sessions_not_valid', 'a verb says so');
select * from tests.refuses($$select app_public.edit_treatment_plan(uuidv7(), 'Knee', pg_temp.squats())$$, 'NOT_FOUND', 'not_found', 'of a plan that is not there nothing is written');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.sessions(pg_temp.exercise('unfinished', '{"sets": 3, "reps": 10, "restSeconds": 0}')), tests.id('atlas'))$$, 'VALIDATION', 'exercise_not_published', 'what is not published is not prescribed');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.sessions(pg_temp.exercise('plank', '{"sets": 3, "reps": 10, "restSeconds": 0}')), tests.id('atlas'))$$, 'VALIDATION', 'exercise_not_published', 'nor repetitions of what is held');
select tests.remember('knee', (app_public.draft_treatment_plan('Knee', pg_temp.squats(), tests.id('atlas'), description => 'After surgery')).id);
select results_eq($$select scope, patient_profile_id, created_by from app_public.treatment_plans where id = tests.id('knee')$$, $$values ('organization', null::uuid, tests.id('stefan'))$$, 'a plan of the clinic');
select results_eq($$select prescription from app_public.treatment_plan_exercises$$, array['{"sets": 3, "reps": 10, "seconds": null, "restSeconds": 30, "tempo": null, "side": null}'::jsonb], 'with all parts of what is prescribed');

-- Submitted: frozen.
select tests.act_as('silvia');
select is((app_public.edit_treatment_plan(tests.id('knee'), 'The knee', pg_temp.squats())).number, 1, 'a colleague writes of the same draft');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.submit_treatment_plan(tests.id('knee'))$$, 'FORBIDDEN', 'permission_missing', 'front desk submits none');
select tests.act_as('stefan');
select results_eq($$select v.status, v.content_hash = sha256(convert_to(v.sessions_snapshot::text, 'UTF8')) from app_public.submit_treatment_plan(tests.id('knee')) v$$, $$values ('submitted', true)$$, 'submitted, with its hash');
select results_eq($$select s -> 'exercises' -> 0 ->> 'slug', s -> 'exercises' -> 0 -> 'names' ->> 'en', (s -> 'exercises' -> 0 ->> 'assetVersion')::int, s -> 'exercises' -> 0 -> 'contraindications' -> 0 ->> 'severity', jsonb_array_length(s -> 'exercises' -> 0 -> 'contraindications'), s -> 'title' ->> 'ro'
  from (select sessions_snapshot -> 0 as s from app_public.treatment_plan_versions) v$$, $$values ('test-squat', 'Exercise test-squat', 1, 'absolute', 1, 'Prima')$$, 'all of it, with whom this exercise may harm');
select * from tests.refuses($$select app_public.submit_treatment_plan(tests.id('knee'))$$, 'STATE', 'no_draft_to_submit', 'once');
select * from tests.refuses($$select app_public.edit_treatment_plan(tests.id('knee'), 'Knee', pg_temp.squats())$$, 'STATE', 'version_waits_for_approval', 'and nobody writes of it meanwhile');
select * from tests.refuses($$select app_public.approve_treatment_plan((pg_temp.version('knee')).id)$$, 'FORBIDDEN', 'permission_missing', 'a specialist approves nothing');
select tests.act_as('the database');
select throws_ok($$update app_public.treatment_plan_versions set sessions_snapshot = '[]'$$, 'RX423', 'never_changed', 'not even the server changes it');
select throws_ok($$update app_public.treatment_plan_versions set number = 7$$, 'RX423', 'never_changed', 'or its number');
select throws_ok($$delete from app_public.treatment_plan_versions$$, 'RX423', 'never_changed', 'or takes it away');
select throws_ok($$delete from app_public.treatment_plan_sessions$$, 'RX423', 'never_changed', 'or what it was made of');
update app_public.exercises set asset_version = 2, translations = '{"ro": {"name": "Altceva"}}' where id = tests.id('squat');
select is((pg_temp.version('knee')).sessions_snapshot -> 0 -> 'exercises' -> 0 -> 'names' ->> 'en', 'Exercise test-squat', 'the library may change');

-- Approved by somebody who wrote nothing of it, also where they could.
insert into app_public.membership_roles (organization_id, membership_id, role_id)
select m.organization_id, m.id, r.id from app_public.memberships m join app_public.roles r on r.organization_id = m.organization_id and r.key = 'admin'
where m.human_id = tests.id('silvia');
select tests.act_as('silvia');
select * from tests.refuses($$select app_public.approve_treatment_plan((pg_temp.version('knee')).id)$$, 'FORBIDDEN', 'own_version', 'who wrote of it does not approve it, whoever began or submitted it');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.approve_treatment_plan((pg_temp.version('knee')).id)$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select tests.act_as('adrian');
select results_eq($$select v.status, v.approved_by from app_public.approve_treatment_plan((pg_temp.version('knee')).id) v$$, $$values ('approved', tests.id('adrian'))$$, 'approved');
select is((app_public.edit_treatment_plan(tests.id('knee'), 'Knee', pg_temp.squats())).number, 2, 'what is written then is another version');
select is((select status from app_public.treatment_plan_versions where number = 1), 'approved', 'beside the one that stands');
select * from tests.refuses($$select app_public.retire_treatment_plan((pg_temp.version('knee')).id, 'No')$$, 'VALIDATION', 'reason_missing', 'nobody sends back without a reason');
select tests.act_as('stefan');
select is((app_public.submit_treatment_plan(tests.id('knee'))).status, 'submitted', 'submitted again');
select tests.act_as('adrian');
select is((app_public.retire_treatment_plan((pg_temp.version('knee')).id, 'Too much')).retire_reason, 'Too much', 'sent back');

-- Without approval, and the platform's.
update app_public.organizations set treatment_plans_need_approval = false where id = tests.id('atlas');
select app_public.edit_treatment_plan(tests.id('knee'), 'Knee', pg_temp.squats());
select results_eq($$select v.number, v.status, v.approved_by from app_public.submit_treatment_plan(tests.id('knee')) v$$, $$values (3, 'approved', null::uuid)$$, 'a clinic may do without');
select tests.act_as('root');
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats())$$, 'VALIDATION', 'global_plan_needs_a_slug', 'programs know what is the platform''s');
select tests.remember('global', (app_public.draft_treatment_plan('Knee', pg_temp.squats(), slug => 'knee')).id);
select * from tests.refuses($$select app_public.draft_treatment_plan('Knee', pg_temp.squats(), slug => 'knee')$$, 'CONFLICT', 'slug_is_used', 'each by its own');
select is((app_public.submit_treatment_plan(tests.id('global'))).status, 'submitted', 'submitted');
select tests.act_as('ruth');
select is((app_public.approve_treatment_plan((pg_temp.version('global')).id)).status, 'approved', 'and approved by another superadmin');
select * from finish();
rollback;
