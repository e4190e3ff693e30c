-- Test: locked_enrolment, locked_session - whose plan and whose session: at the clinic that the request names, and of nobody who is not theirs. EXE-02, FND-04.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 2, 0), tests.assigned('bogdan', 'knee'), tests.assigned('ana', 'knee');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where position = 1;

select tests.act_as('ana', 'boreal');
select * from tests.refuses($$select app_public.complete_session(tests.id('ana''s knee 1'))$$, 'NOT_FOUND', 'session_not_found', 'at another clinic of hers nothing is known of her session');
select tests.act_as('ana', 'atlas');
select is((app_public.complete_session(tests.id('ana''s knee 1'))).status, 'completed', 'as it is where it was assigned');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.complete_session(tests.id('bogdan''s knee 1'))$$, 'NOT_FOUND', 'session_not_found', 'another patient''s is nobody else''s to complete');
select is((select count(*) from app_public.patient_sessions where status = 'completed'), 1::bigint, 'she completed one');

-- Who left the clinic.
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('bogdan at atlas');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.complete_session(tests.id('bogdan''s knee 1'))$$, 'NOT_FOUND', 'session_not_found', 'who left the clinic has no session there');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.set_treatment_status(tests.id('bogdan''s knee'), 'paused', 'Left')$$, 'NOT_FOUND', 'patient_not_found', 'and staff change no plan of theirs');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'paused', 'Travels')).patient_profile_id, tests.id('ana'), 'but hers');
select * from finish();
rollback;
