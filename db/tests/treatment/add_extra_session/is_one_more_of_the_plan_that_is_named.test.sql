-- Test: add_extra_session - one more session, today, of the plan that is named and of no other; the same until it is done. EXE-02, EXE-05, FND-04.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 2, 0), tests.treatment_plan('hip', 1, 0);
select tests.assigned('ana', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('bogdan', 'knee');
update app_public.patient_treatment_plans set allows_extra_sessions = true;
create function pg_temp.extra(enrolment text, place int) returns app_public.patient_sessions
language plpgsql security definer as $$ begin return app_private.add_extra_session(tests.id(enrolment), place); end $$;
create function pg_temp.done(session text) returns void language sql security definer as $$
  update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id(session);
  update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now() where id = tests.id(session)
$$;

-- Whose it is.
select tests.act_as('bogdan');
select tests.remember('bogdan''s', (pg_temp.extra('bogdan''s knee', 1)).id);
select tests.act_as('ana');
select tests.remember('knee', (pg_temp.extra('ana''s knee', 1)).id), tests.remember('hip', (pg_temp.extra('ana''s hip', 1)).id);
select isnt(tests.id('knee'), tests.id('bogdan''s'), 'what another patient has begun of the same plan is not hers');
select results_eq($$select patient_treatment_plan_id, patient_profile_id, version_id, position, place, status, due_on, is_extra from app_public.patient_sessions where id in (tests.id('knee'), tests.id('hip')) order by id$$,
  $$values (tests.id('ana''s knee'), tests.id('ana'), (select version_id from app_public.patient_sessions where id = tests.id('ana''s knee 1')), 1, 'home', 'due', date '2027-03-01', true),
    (tests.id('ana''s hip'), tests.id('ana'), (select version_id from app_public.patient_sessions where id = tests.id('ana''s hip 1')), 1, 'home', 'due', date '2027-03-01', true)$$, 'of two plans the one that is named');
select isnt(tests.id('knee'), tests.id('ana''s knee 1'), 'it is beside the session that is due today');

-- One, until it is done.
select is((pg_temp.extra('ana''s knee', 1)).id, tests.id('knee'), 'asked for again it is the same');
select tests.remember('second', (pg_temp.extra('ana''s knee', 2)).id);
select isnt(tests.id('second'), tests.id('knee'), 'the second session of the plan is another one');
select is((select position from app_public.patient_sessions where id = tests.id('second')), 2, 'with what that asks for');
select pg_temp.done('knee');
select isnt((pg_temp.extra('ana''s knee', 1)).id, tests.id('knee'), 'once it is done there may be one more');
select is((pg_temp.extra('ana''s hip', 1)).id, tests.id('hip'), 'of the other plan it is open');
select tests.freeze_time('2027-03-02 00:00+02');
select isnt((pg_temp.extra('ana''s hip', 1)).id, tests.id('hip'), 'what was left open yesterday is not today''s');
select is((pg_temp.extra('ana''s hip', 1)).due_on, '2027-03-02', 'which is due today');

-- What there is not.
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 3)$$, 'NOT_FOUND', 'session_not_found', 'beyond its last session there is none');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 0)$$, 'NOT_FOUND', 'session_not_found', 'nor before its first');
select tests.act_as('ana', 'boreal');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 1)$$, 'NOT_FOUND', 'not_found', 'at another clinic of hers nothing is known of it');
select tests.act_as('ana', 'atlas');
select is((pg_temp.extra('ana''s hip', 1)).patient_treatment_plan_id, tests.id('ana''s hip'), 'as it is at the clinic whose plan it is');
select tests.act_as('the database');
select is((select count(*) from app_public.patient_sessions where is_extra), 6::bigint, 'each of them is one row');
select * from finish();
rollback;
