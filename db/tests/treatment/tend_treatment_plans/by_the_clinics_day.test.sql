-- Test: tend_treatment_plans - what a day that is over does, by the clock of the clinic: missed, expired, behind. EXE-03.
begin;
select plan(31);
select tests.freeze_time('2027-03-26 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 5, 1), tests.assigned('ana', 'knee'), tests.treatment_plan('hip', 1, 0), tests.assigned('bogdan', 'hip');
update app_public.patient_treatment_plans set ends_on = '2027-03-28' where id = tests.id('bogdan''s hip');
create function pg_temp.done(session text, at timestamptz) returns void language sql security definer as $$
  update app_public.patient_sessions set status = 'started', started_at = at where id = tests.id(session);
  update app_public.patient_sessions set status = 'completed', completed_at = at where id = tests.id(session)
$$;
create function pg_temp.adherence(patient text) returns int language sql security definer as $$
  select app_public.patient_treatment_plans_adherence_percentage(p) from app_public.patient_treatment_plans p where p.patient_profile_id = tests.id(patient)
$$;
create function pg_temp.told(name text) returns bigint language sql security definer as $$ select count(*) from app_private.events e where e.name = 'treatment_plan.' || told.name $$;
create function pg_temp.statuses(patient text) returns text[] language sql security definer as $$
  select array_agg(s.status order by s.position) from app_public.patient_sessions s where s.patient_profile_id = tests.id(patient)
$$;

select tests.act_as('stefan');
select * from tests.refuses($$select app_private.tend_treatment_plans()$$, '42501', null, 'the worker''s alone');
select is(pg_temp.adherence('ana'), null, 'nothing was due: no number');
select is((select app_public.patients_adherence_percentage(p) from app_public.patients p where p.id = tests.id('ana at atlas')), null, 'of nothing');
select tests.act_as('the worker');
select tests.freeze_time('2027-03-26 23:59+02');
select is(app_private.tend_treatment_plans(), 0, 'the day is not over');
select tests.act_as('the database');
select is(pg_temp.statuses('ana'), '{due,due,due,due,due,due}', 'and nothing is missed');
select tests.freeze_time('2027-03-27 00:00+02');
select is(pg_temp.adherence('ana'), 0, 'at midnight of the clinic it counts');
select tests.act_as('the worker');
select is(app_private.tend_treatment_plans(1), 1, 'so many at a time');
select is(app_private.tend_treatment_plans(), 1, 'then the rest');
select is(app_private.tend_treatment_plans(), 0, 'once a day');
select tests.act_as('the database');
select is(pg_temp.statuses('ana'), '{missed,due,due,due,due,due}', 'missed');
select is((select status from app_public.patient_treatment_plans where id = tests.id('bogdan''s hip')), 'active', 'its last day has not passed');

-- The night of the change to summer time has one hour less; the day ends at midnight all the same.
select pg_temp.done('ana''s knee 2', '2027-03-28 12:00+03');
select tests.freeze_time('2027-03-28 23:59+03');
select tests.act_as('the worker');
select is(app_private.tend_treatment_plans(), 2, 'a day later');
select tests.act_as('the database');
select is((select status from app_public.patient_treatment_plans where id = tests.id('bogdan''s hip')), 'active', 'on the last day it goes on');
select tests.freeze_time('2027-03-29 00:00+03');
select tests.act_as('the worker');
select is(app_private.tend_treatment_plans(), 2, 'and at its end');
select tests.act_as('the database');
select is((select status from app_public.patient_treatment_plans where id = tests.id('bogdan''s hip')), 'expired', 'it has expired');
select is(pg_temp.told('expired'), 1::bigint, 'which is told');
select is(pg_temp.adherence('ana'), 50, 'one of two');

-- Behind: below what the clinic asks for, of three at least, told once until they have caught up.
select tests.freeze_time('2027-03-30 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is(pg_temp.told('low_adherence'), 0::bigint, 'two are not enough to say so');
select tests.freeze_time('2027-03-31 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is(pg_temp.adherence('ana'), 33, 'one of three');
select is(pg_temp.told('low_adherence'), 1::bigint, 'is told');
select results_eq($$select payload from app_private.events where name = 'treatment_plan.low_adherence'$$, array[jsonb_build_object('patientTreatmentPlanId', tests.id('ana''s knee'), 'treatmentPlanId', tests.id('knee itself'), 'versionId', tests.id('knee'), 'patientProfileId', tests.id('ana'))], 'by ids');
select tests.freeze_time('2027-04-01 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is(pg_temp.told('low_adherence'), 1::bigint, 'once');
select pg_temp.done('ana''s knee 4', '2027-04-01 12:00+03');
select tests.freeze_time('2027-04-02 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select results_eq($$select pg_temp.adherence('ana'), low_adherence_since from app_public.patient_treatment_plans where id = tests.id('ana''s knee')$$, $$values (50, null::timestamptz)$$, 'half is enough');
select tests.freeze_time('2027-04-04 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is(pg_temp.adherence('ana'), 40, 'two of five');
select is(pg_temp.told('low_adherence'), 2::bigint, 'who falls behind again is told of again');
update app_public.organizations set low_adherence_below = 40;
select tests.freeze_time('2027-04-05 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is((select low_adherence_since from app_public.patient_treatment_plans where id = tests.id('ana''s knee')), null, 'unless the clinic asks for less');
select is(pg_temp.statuses('ana'), '{missed,completed,missed,completed,missed,due}', 'a session in the clinic is not missed by time');
select tests.freeze_time('2027-04-06 08:00+03'), tests.act_as('the worker');
select app_private.tend_treatment_plans();
select tests.act_as('the database');
select is(pg_temp.statuses('ana'), '{missed,completed,missed,completed,missed,due}', 'on no day');
select is(pg_temp.adherence('ana'), 33, 'but counts as due once its day has passed');
select is((select app_public.patients_adherence_percentage(p) from app_public.patients p where p.id = tests.id('bogdan at atlas')), null, 'of a patient those plans count that go on');
select * from finish();
rollback;
