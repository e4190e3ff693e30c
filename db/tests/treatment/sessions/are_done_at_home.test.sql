-- Test: sessions at home - begun with what may harm acknowledged, done with what was felt, logged from a device that was offline. EXE-02, EXE-05, REQ-EX-001.
begin;
select plan(90);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('carmen', account => false, birth_date => '2020-01-01');
select tests.person('corina'), tests.caregiver('corina', 'carmen');
select tests.form_template('after', jsonb_build_array(tests.form_item('felt', 'text')));
select tests.treatment_plan('knee', 3, 1), tests.assigned('ana', 'knee'), tests.assigned('carmen', 'knee');
update app_public.patient_treatment_plans set form_template_id = tests.id('after') where id = tests.id('ana''s knee');
select tests.remember('fracture', (select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')));
create function pg_temp.begin_session(session text, acknowledged uuid[] default array[tests.id('fracture')]) returns app_public.patient_sessions
language plpgsql security definer as $$ begin return app_private.begin_session(tests.id(session), acknowledged); end $$;
create function pg_temp.extra(enrolment text, place int) returns app_public.patient_sessions
language plpgsql security definer as $$ begin return app_private.add_extra_session(tests.id(enrolment), place); end $$;
create function pg_temp.log(entry text, sets int, at timestamptz default app_hidden.now(), session text default 'ana''s knee 1', place int default 1) returns app_public.patient_exercise_logs language sql as $$
  select app_public.log_exercise(tests.id(session), place, md5(entry)::uuid, at, sets, sets * 10)
$$;

-- Begun.
select tests.act_as('beata');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'))$$, 'NOT_FOUND', 'session_not_found', 'another clinic sees none');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'))$$, 'NOT_FOUND', 'session_not_found', 'nor another patient');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 1')$$, 'NOT_FOUND', 'session_not_found', 'who begins none');
select * from tests.refuses($$select pg_temp.log('a', 3)$$, 'NOT_FOUND', 'session_not_found', 'or writes into it');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.complete_session(uuidv7())$$, '42501', null, 'nor a visitor');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 1')$$, 'FORBIDDEN', 'only_the_patient', 'staff do not do them for the patient');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'))$$, 'FORBIDDEN', 'only_the_patient', 'or say that they were done');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 1', null)$$, 'STATE', 'contraindications_not_acknowledged', 'whom it may harm is read before');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 1', array[uuidv7()])$$, 'STATE', 'contraindications_not_acknowledged', 'and nothing else');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 2')$$, 'STATE', 'session_not_due', 'not before its day');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 4')$$, 'STATE', 'session_is_in_the_clinic', 'not what is done in the clinic');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'))$$, 'STATE', 'session_not_started', 'what was not begun is not done');
select * from tests.refuses($$select pg_temp.log('a', 3)$$, 'STATE', 'session_not_started', 'or logged');
select results_eq($$select s.status, s.started_at, s.acknowledged_ids from pg_temp.begin_session('ana''s knee 1') s$$, $$values ('started', app_hidden.now(), array[tests.id('fracture')])$$, 'begun, with what was read');
select tests.freeze_time('2027-03-01 10:20+02');
select is((pg_temp.begin_session('ana''s knee 1', null)).started_at, '2027-03-01 10:00+02', 'once');
select * from tests.refuses($$select app_public.migrate_treatment_plan(tests.id('ana''s knee'), tests.id('knee'), 'Other')$$, 'NOT_FOUND', 'not_found', 'a patient moves no plan');

-- Logged.
select * from tests.refuses($$select pg_temp.log('a', 3, '2027-03-01 10:21+02')$$, 'VALIDATION', 'in_the_future', 'nothing of the future');
select * from tests.refuses($$select pg_temp.log('a', 3, '2027-03-01 09:59+02')$$, 'VALIDATION', 'not_within_the_session', 'nor from before it began');
select * from tests.refuses($$select pg_temp.log('a', 3, place => 2)$$, 'NOT_FOUND', 'exercise_not_in_the_session', 'nor what is not in it');
select * from tests.refuses($$select pg_temp.log('a', 3, place => 0)$$, 'NOT_FOUND', 'exercise_not_in_the_session', 'whatever its place');
select * from tests.refuses($$select pg_temp.log('a', 101)$$, 'VALIDATION', 'amount_out_of_range', 'nor too much');
select * from tests.refuses($$select pg_temp.log('a', null)$$, 'VALIDATION', 'amount_out_of_range', 'or nothing at all');
select results_eq($$select prescribed ->> 'reps', entered_sets, entered_reps, actual_sets, actual_reps, actual_source from pg_temp.log('a', 2, '2027-03-01 10:05+02')$$,
  $$values ('10', 2, 20, 2, 20, 'patient')$$, 'what was prescribed stands beside what was done');
select is((pg_temp.log('a', 5, '2027-03-01 10:06+02')).entered_sets, 2, 'the same entry again changes nothing');
select is((pg_temp.log('b', 3, '2027-03-01 10:10+02')).entered_sets, 3, 'a later one takes its place');
select is((pg_temp.log('a', 2, '2027-03-01 10:05+02')).entered_sets, 3, 'which the earlier one does not take back, sent again');
select is((select count(*) from app_public.patient_exercise_logs), 1::bigint, 'one entry');
select tests.act_as('the database');
update app_public.patient_exercise_logs set actual_sets = 3, actual_reps = 27, actual_source = 'pose';
select tests.act_as('ana');
select results_eq($$select entered_reps, actual_reps, actual_source from pg_temp.log('c', 4, '2027-03-01 10:12+02')$$, $$values (40, 27, 'pose')$$, 'what the camera counted stands beside what the patient says');

-- Done.
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'), 11, 2)$$, 'VALIDATION', 'pain_out_of_range', 'pain ends at ten');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'), 1, -2)$$, 'VALIDATION', 'pain_out_of_range', 'and begins at nothing');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'), 1, 2, '2027-03-01 10:21+02')$$, 'VALIDATION', 'in_the_future', 'nothing of the future');
select results_eq($$select s.status, s.completed_at, s.pain_before, s.pain_after from app_public.complete_session(tests.id('ana''s knee 1'), 6, 4, '2027-03-01 10:15+02') s$$,
  $$values ('completed', timestamptz '2027-03-01 10:15+02', 6, 4)$$, 'done, when it was done');
select is((app_public.complete_session(tests.id('ana''s knee 1'), 0, 0)).pain_after, 4, 'once, and as it was said first');
select results_eq($$select f.template_id, f.patient_profile_id from app_public.patient_sessions s join app_public.forms f on f.id = s.form_id$$, $$values (tests.id('after'), tests.id('ana'))$$, 'a form is asked afterwards');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'treatment_plan.session_completed' and payload ->> 'sessionId' = tests.id('ana''s knee 1')::text), 1::bigint, 'and it is told once');

-- By whoever cares for the patient.
select tests.act_as('corina');
select is((pg_temp.begin_session('carmen''s knee 1')).status, 'started', 'a mother begins it');
select * from tests.refuses($$select pg_temp.log('c', 3, session => 'carmen''s knee 1')$$, 'CONFLICT', 'client_id_is_used', 'with ids of her own');
select is((app_public.complete_session(tests.id('carmen''s knee 1'), 1, 1)).status, 'completed', 'and completes it');
select is((select count(*) from app_public.patient_sessions where patient_profile_id = tests.id('ana')), 0::bigint, 'and sees nobody else''s');

-- Late: begun on its day, sent when it was over.
select tests.act_as('ana');
select tests.freeze_time('2027-03-03 20:00+02');
select is((pg_temp.begin_session('ana''s knee 2')).status, 'started', 'the second, on its day');
select tests.freeze_time('2027-03-04 21:00+02');
select tests.act_as('the worker');
select is(app_private.tend_treatment_plans(), 2, 'another day');
select tests.act_as('ana');
select is((select status from app_public.patient_sessions where id = tests.id('ana''s knee 2')), 'missed', 'it was not heard of');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 2'), 3, 3)$$, 'VALIDATION', 'not_within_the_session', 'done today it is another');
select is((app_public.complete_session(tests.id('ana''s knee 2'), 3, 3, '2027-03-03 20:30+02')).status, 'completed', 'but it was done that day, without a network');
select is((pg_temp.log('late', 3, '2027-03-03 20:20+02', 'ana''s knee 2')).entered_sets, 3, 'with what was done in it');

-- The library has come to know of more: it is shown, and acknowledged before the next one.
select tests.act_as('the database');
with found as (
  insert into app_public.exercise_contraindications (exercise_id, severity, text) values (tests.id('squat'), 'absolute', '{"ro": "Tromboză.", "en": "A thrombosis."}')
  returning id)
select tests.remember('thrombosis', found.id) from found;
select tests.act_as('ana');
select tests.freeze_time('2027-03-05 09:00+02');
select results_eq($$select w ->> 'severity', w -> 'text' ->> 'en', (w ->> 'id')::uuid from app_public.patient_sessions s, jsonb_array_elements(app_public.patient_sessions_later_contraindications(s)) w where s.id = tests.id('ana''s knee 3')$$,
  $$values ('absolute', 'A thrombosis.', tests.id('thrombosis'))$$, 'a warning that is found later reaches her');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 3')$$, 'STATE', 'contraindications_not_acknowledged', 'and is read before');
select is((pg_temp.begin_session('ana''s knee 3', array[tests.id('fracture'), tests.id('thrombosis')])).status, 'started', 'then it begins');
select is((app_public.complete_session(tests.id('ana''s knee 3'))).status, 'completed', 'and is done');

-- Extra ones, where the plan has them.
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 1)$$, 'STATE', 'no_extra_sessions', 'nothing beyond the plan');
select tests.act_as('the database');
update app_public.patient_treatment_plans set allows_extra_sessions = true;
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 1)$$, 'NOT_FOUND', 'not_found', 'nor of somebody else''s');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 4)$$, 'NOT_FOUND', 'session_not_found', 'nor in the clinic');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 0)$$, 'NOT_FOUND', 'session_not_found', 'nor what there is not');
select tests.remember('extra', (pg_temp.extra('ana''s knee', 1)).id);
select is((pg_temp.begin_session('extra', array[tests.id('fracture'), tests.id('thrombosis')])).is_extra, true, 'the first once more');
select is((select app_public.patient_treatment_plans_adherence_percentage(p) from app_public.patient_treatment_plans p), 100, 'which counts neither way');
select tests.act_as('stefan');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'paused', 'Travels')).status, 'paused', 'in a pause');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.begin_session('ana''s knee 3')$$, 'STATE', 'treatment_plan_not_active', 'nothing is begun');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 1)$$, 'STATE', 'treatment_plan_not_active', 'or added');
select * from finish();
rollback;
