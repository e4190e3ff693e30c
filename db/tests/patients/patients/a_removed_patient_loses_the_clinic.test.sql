-- Test: patients - whoever was removed as a patient keeps the own profile and loses all of the clinic. FND-07, FND-10, SPC-05.
begin;
select plan(12);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('ana');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.appointment('visit', 'ana', 'mondays', 'stefan', now() + interval '1 day');
select tests.appointment('carmen''s visit', 'carmen', 'mondays', 'stefan', now() + interval '2 days');
create function pg_temp.seen() returns bigint language sql as $$
  select (select count(*) from app_public.organizations) + (select count(*) from app_public.patients) + (select count(*) from app_public.appointments)
       + (select count(*) from app_public.specialists) + (select count(*) from app_public.services) + (select count(*) from app_public.calendars)
       + (select count(*) from app_public.service_specialists) + (select count(*) from app_public.calendar_specialists);
$$;
select tests.act_as('ana');
select is(pg_temp.seen(), 8::bigint, 'a patient sees the clinic, its catalog and the own appointment');
select tests.act_as('corina');
select is(pg_temp.seen(), 8::bigint, 'so does a caregiver');
select tests.act_as('the database');
update app_public.patients set deleted_at = now();
select tests.act_as('ana');
select is(pg_temp.seen(), 0::bigint, 'a removed patient sees nothing of it');
select is((select count(*) from app_public.patient_profiles), 1::bigint, 'but the own profile');
select * from tests.refuses($$select app_public.cancel_appointment(tests.id('visit'))$$, 'NOT_FOUND', 'appointment_not_found', 'and moves nothing');
select tests.act_as('corina');
select is(pg_temp.seen(), 0::bigint, 'nor does the caregiver');
select * from tests.refuses($$select app_public.cancel_appointment(tests.id('carmen''s visit'))$$, 'NOT_FOUND', 'appointment_not_found', 'who moves nothing either');
select tests.act_as('flavia');
select is((select count(*) from app_public.patients) + (select count(*) from app_public.patient_profiles), 0::bigint, 'staff do not see a removed patient');
select is((select count(*) from app_public.appointments), 2::bigint, 'the clinic keeps its appointments');
select tests.act_as('a visitor');
select throws_ok('select id from app_public.patients', '42501', null, 'visitors never see patients');
select * from finish();
rollback;
