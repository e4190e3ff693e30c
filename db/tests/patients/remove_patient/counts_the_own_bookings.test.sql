-- Test: remove_patient - only what is booked for this patient at this clinic stands in the way. FND-10, FND-07.
begin;
select plan(3);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('elena', account => false);
select tests.patient('bogdan', account => false);
select tests.appointment('past', 'elena', 'mondays', 'stefan', now() - interval '3 days');
select tests.appointment('his', 'bogdan', 'mondays', 'stefan', now() + interval '3 days');
select tests.booking_request('a guest', 'mondays', 'stefan', now() + interval '4 days');
select tests.act_as('flavia');
select isnt((app_public.remove_patient(tests.id('elena at atlas'))).deleted_at, null, 'who was here once is removed, whoever else is expected');
select is((select array_agg(id) from app_public.patients), array[tests.id('bogdan at atlas')], 'alone');
select throws_ok($$select app_public.remove_patient(tests.id('bogdan at atlas'))$$, 'RX409', 'has_future_appointments', 'who is expected is not');
select * from finish();
rollback;
