-- Test: treatment plans - a draft, a version and a plan stand for themselves: what is written, submitted or approved of one is not of another, and what is frozen stays. TPL-01, TPL-02, FND-26.
begin;
select plan(44);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist'), tests.staff('silvia', 'specialist'), tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.remember('squat', tests.published_exercise('test-squat')), tests.remember('plank', tests.published_exercise('test-plank', 'duration_based'));
create function pg_temp.session(variadic exercises text[]) returns jsonb language sql as $$
  select jsonb_build_object('title', '{"ro": "Ședința"}'::jsonb, 'place', 'home', 'afterDays', 1, 'exercises', (
    select jsonb_agg(jsonb_build_object('exerciseId', tests.id(e), 'prescription', case e
      when 'squat' then '{"sets": 3, "reps": 10, "restSeconds": 30}' else '{"sets": 2, "seconds": 30, "restSeconds": 10}' end::jsonb)) from unnest(exercises) e))
$$;
create function pg_temp.sessions(variadic sessions jsonb[]) returns jsonb language sql as $$ select to_jsonb(sessions) $$;
create function pg_temp.problem(sessions jsonb) returns text language sql as $$ select app_private.treatment_content_problem(sessions) $$;
create function pg_temp.versions(plan text) returns text language sql security definer as $$
  select string_agg(v.number || ' ' || v.status, ', ' order by v.number) from app_public.treatment_plan_versions v where v.treatment_plan_id = tests.id(plan)
$$;
create function pg_temp.version(plan text, number int) returns uuid language sql security definer as $$
  select v.id from app_public.treatment_plan_versions v where v.treatment_plan_id = tests.id(plan) and v.number = version.number
$$;

-- Where it does not fit: in each session and each exercise.
select is(pg_temp.problem('[1]'), 'sessions.0', 'a session is an object');
select is(pg_temp.problem(pg_temp.sessions(pg_temp.session('squat'), '{}')), 'sessions.1.title', 'the second session is looked at as well');
select is(pg_temp.problem(jsonb_set(pg_temp.sessions(pg_temp.session('squat')), '{0,exercises,0}', '1')), 'sessions.0.exercises.0.exerciseId', 'an exercise is an object');
select is(pg_temp.problem(jsonb_set(pg_temp.sessions(pg_temp.session('squat')), '{0,exercises,0,more}', '1')), 'sessions.0.exercises.0.exerciseId', 'with nothing else in it');
select is(pg_temp.problem(jsonb_set(pg_temp.sessions(pg_temp.session('squat', 'plank')), '{0,exercises,1,prescription,sets}', '0')), 'sessions.0.exercises.1.prescription.sets', 'and a prescription that fits, the second as well');
select is(pg_temp.problem(pg_temp.sessions(pg_temp.session('squat', 'plank'), pg_temp.session('plank'))), null, 'two sessions that fit');

-- Drafts.
select tests.act_as('stefan');
select tests.remember('knee', (app_public.draft_treatment_plan('Knee', pg_temp.sessions(pg_temp.session('squat', 'plank'), pg_temp.session('plank')), tests.id('atlas'))).id),
  tests.remember('hip', (app_public.draft_treatment_plan('Hip', pg_temp.sessions(pg_temp.session('squat')), tests.id('atlas'), slug => 'hip')).id),
  tests.remember('ana''s', (app_public.draft_treatment_plan('For Ana', pg_temp.sessions(pg_temp.session('squat')), tests.id('atlas'), tests.id('ana at atlas'))).id);
select results_eq($$select name, scope, slug, patient_profile_id from app_public.treatment_plans where organization_id = tests.id('atlas') order by name$$,
  $$values ('For Ana', 'custom', null, tests.id('ana')), ('Hip', 'organization', null, null), ('Knee', 'organization', null, null)$$, 'of a clinic programs know no name');
select is((app_public.edit_treatment_plan(tests.id('hip'), 'The hip', pg_temp.sessions(pg_temp.session('plank')))).number, 1, 'a draft is written anew');
select is((select string_agg(name, ', ' order by name) from app_public.treatment_plans where organization_id = tests.id('atlas')), 'For Ana, Knee, The hip', 'and no other plan is named otherwise');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.edit_treatment_plan(tests.id('hip'), 'Hip', pg_temp.sessions(pg_temp.session('squat')))$$, 'FORBIDDEN', 'permission_missing', 'front desk writes none');
select tests.act_as('root');
select * from tests.refuses($$select app_public.draft_treatment_plan('For Ana', pg_temp.sessions(pg_temp.session('squat')), patient_id => tests.id('ana at atlas'), slug => 'ana')$$, 'VALIDATION', 'global_plan_needs_a_slug', 'the platform writes for no patient');
select tests.act_as('the database');
select throws_ok($$update app_public.treatment_plan_sessions set after_days = 9$$, 'RX423', 'never_changed', 'a draft is written as a whole');
select throws_ok(format('update app_public.treatment_plan_versions set number = 7 where id = %L', pg_temp.version('hip', 1)), 'RX423', 'never_changed', 'and keeps its number');
select throws_ok(format('delete from app_public.treatment_plan_versions where id = %L', pg_temp.version('hip', 1)), 'RX423', 'never_changed', 'nobody takes one away');

-- Submitted: each its own.
select tests.act_as('stefan');
select is((app_public.submit_treatment_plan(tests.id('knee'))).treatment_plan_id, tests.id('knee'), 'what is submitted is of the plan that is named');
select results_eq($$select pg_temp.versions('knee'), pg_temp.versions('hip')$$, $$values ('1 submitted', '1 draft')$$, 'the draft of another one is not');
select results_eq($$select s.place, e ->> 'slug' from app_public.treatment_plan_versions v, jsonb_array_elements(v.sessions_snapshot) with ordinality s (it, place), jsonb_array_elements(s.it -> 'exercises') with ordinality as x (e, n)
  where v.id = pg_temp.version('knee', 1) order by s.place, x.n$$, $$values (1::bigint, 'test-squat'), (1, 'test-plank'), (2, 'test-plank')$$, 'each session has what was written into it, in order');
select tests.act_as('the database');
select throws_ok(format($$insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
  values (tests.id('atlas'), %L, 1, 3, tests.id('squat'), '{}')$$, pg_temp.version('knee', 1)), 'RX423', 'never_changed', 'nothing is added to it, whatever else is a draft');
select lives_ok(format($$insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
  values (tests.id('atlas'), %L, 1, 2, tests.id('squat'), '{}')$$, pg_temp.version('hip', 1)), 'to a draft it is');

-- Approved: by whoever wrote nothing of this version.
select tests.act_as('adrian');
select is((app_public.approve_treatment_plan(pg_temp.version('knee', 1))).approved_by, tests.id('adrian'), 'approved');
select is((app_public.approve_treatment_plan(pg_temp.version('knee', 1))).status, 'approved', 'a second time answers the same');
select * from tests.refuses($$select app_public.approve_treatment_plan(uuidv7())$$, 'NOT_FOUND', 'not_found', 'what is not there is not approved');
select * from tests.refuses($$select app_public.retire_treatment_plan(uuidv7(), 'No more')$$, 'NOT_FOUND', 'not_found', 'or retired');
select tests.act_as('the database');
select throws_ok(format($$update app_public.treatment_plan_versions set approved_by = tests.id('silvia') where id = %L$$, pg_temp.version('knee', 1)), 'RX423', 'never_changed', 'who approved it is not changed');
select throws_ok(format($$update app_public.treatment_plan_versions set approved_at = approved_at + interval '1 day' where id = %L$$, pg_temp.version('knee', 1)), 'RX423', 'never_changed', 'or when');
select tests.act_as('adrian');
select is((app_public.edit_treatment_plan(tests.id('hip'), 'Hip', pg_temp.sessions(pg_temp.session('squat')))).number, 1, 'an admin writes of a draft');
select is((app_public.submit_treatment_plan(tests.id('hip'))).status, 'submitted', 'and submits it');
select * from tests.refuses($$select app_public.approve_treatment_plan(pg_temp.version('hip', 1))$$, 'FORBIDDEN', 'own_version', 'who wrote of it does not approve it');
select is((app_public.retire_treatment_plan(pg_temp.version('hip', 1), 'Too little')).status, 'retired', 'it is sent back');
select tests.act_as('stefan');
select is((app_public.edit_treatment_plan(tests.id('hip'), 'Hip', pg_temp.sessions(pg_temp.session('plank')))).number, 2, 'a colleague writes the next');
select is((app_public.edit_treatment_plan(tests.id('ana''s'), 'For Ana', pg_temp.sessions(pg_temp.session('squat')))).number, 1, 'each plan has its own numbers');
select is((app_public.submit_treatment_plan(tests.id('hip'))).number, 2, 'submits it');
select results_eq($$select jsonb_array_length(s.it -> 'exercises'), s.it -> 'exercises' -> 0 ->> 'slug' from app_public.treatment_plan_versions v, jsonb_array_elements(v.sessions_snapshot) s (it) where v.id = pg_temp.version('hip', 2)$$,
  $$values (1, 'test-plank')$$, 'with what this version asks for alone');
select tests.act_as('adrian');
select is((app_public.approve_treatment_plan(pg_temp.version('hip', 2))).status, 'approved', 'and whoever wrote of the first may approve the second');

-- What the library has archived meanwhile is not submitted; in a clinic without approval the hour is kept.
select tests.act_as('the database');
update app_public.organizations set treatment_plans_need_approval = false where id = tests.id('atlas');
select tests.act_as('stefan');
select app_public.edit_treatment_plan(tests.id('knee'), 'Knee', pg_temp.sessions(pg_temp.session('plank')));
select tests.act_as('the database');
update app_public.exercises set status = 'archived' where id = tests.id('squat');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.submit_treatment_plan(tests.id('ana''s'))$$, 'VALIDATION', 'exercise_not_published', 'what was archived meanwhile is not prescribed anew');
select results_eq($$select v.number, v.status, v.approved_at, v.approved_by from app_public.submit_treatment_plan(tests.id('knee')) v$$, $$values (2, 'approved', app_hidden.now(), null::uuid)$$, 'what does not ask for it is submitted, and approved from then on');

-- A repeated request is answered alike, to whoever still may.
select set_config('app.idempotency_key', 'neck', true);
select tests.remember('neck', (app_public.draft_treatment_plan('Neck', pg_temp.sessions(pg_temp.session('plank')), tests.id('atlas'))).id);
select is((app_public.draft_treatment_plan('Neck', pg_temp.sessions(pg_temp.session('plank')), tests.id('atlas'))).id, tests.id('neck'), 'a repeated draft is the same');
select tests.act_as('the database');
delete from app_public.membership_roles where membership_id = tests.membership_id('stefan');
select tests.act_as('stefan');
select set_config('app.idempotency_key', 'neck', true);
select throws_ok($$select app_public.draft_treatment_plan('Neck', pg_temp.sessions(pg_temp.session('plank')), tests.id('atlas'))$$, 'RX403', 'permission_missing', 'but to nobody who has lost the right meanwhile');
select * from finish();
rollback;
