-- Test: book_appointment - a kept time becomes an appointment, for the patient, a caregiver or by front desk, at the price of the moment. APT-01, APT-02, FND-02.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana', email => 'ana@people.test');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.patient('guest', account => false);
select tests.specialist('stefan');
select tests.service('massage', price_amount => 25000);
select tests.calendar('mondays', '{stefan}', service => 'massage', modality => 'video');
select tests.hold('first', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.hold('second', 'mondays', 'stefan', '2027-03-08 11:00+02');
select tests.hold('third', 'mondays', 'stefan', '2027-03-08 12:00+02');
select tests.consent(patient, 'telemedicine') from unnest('{ana,carmen,guest}'::text[]) as patient;
select tests.remember('ana''s account', principal_id) from tests.personas where name = 'ana';

select tests.act_as('ana');
select tests.remember('visit', (app_public.book_appointment(tests.token('first'), tests.id('ana'))).id);
select results_eq(
  $$select status, starts_at, ends_at, modality, price_amount, currency::text, contact_email, contact_name, created_by from app_public.appointments$$,
  $$values ('booked', '2027-03-08 10:00+02'::timestamptz, '2027-03-08 11:00+02'::timestamptz, 'video', 25000::bigint, 'RON', 'ana@people.test', 'Ana Popescu', tests.id('ana''s account'))$$,
  'the patient books for herself');
select tests.act_as('the database');
select is((select kind from app_private.time_claims where id = tests.id('claim of first')), 'appointment', 'the claim is the same one');
select is((select expires_at from app_private.time_claims where id = tests.id('claim of first')), null, 'and does not expire any more');
select is(tests.events_of(tests.id('visit')), '{appointment.booked}', 'one event');
select is((select count(*) from app_public.appointment_moves where appointment_id = tests.id('visit') and moved_by = tests.id('ana''s account')), 1::bigint, 'one move');
select is((select assigned_count from app_private.specialist_assignment_tracking), 1::bigint, 'and one turn');
update app_public.services set price_amount = 30000;
select is((select price_amount from app_public.appointments where id = tests.id('visit')), 25000::bigint, 'the price stays when the service''s changes');

select tests.act_as('ana');
select * from tests.refuses($$select app_public.book_appointment(tests.token('first'), tests.id('ana'))$$, 'GONE', 'hold_expired', 'a kept time is booked once');
select tests.act_as('corina');
select is((app_public.book_appointment(tests.token('second'), tests.id('carmen'))).contact_name, 'Carmen Popescu', 'a caregiver books for the child');
select tests.act_as('the database');
update app_public.calendars set price_amount = 15000;
select tests.act_as('flavia');
select is((app_public.book_appointment(tests.token('third'), tests.id('guest'))).price_amount, 15000::bigint, 'front desk books for a patient, at the calendar''s own price');
select is((select count(*) from app_public.appointments), 3::bigint, 'three appointments');
select is((select count(distinct created_by) from app_public.appointments), 3::bigint, 'by three people');
select * from tests.refuses($$select app_public.book_appointment(null, tests.id('guest'))$$, 'NOT_FOUND', 'hold_not_found', 'no token is no booking');
select is((select count(*) from app_public.appointments), 3::bigint, 'still three');
select * from finish();
rollback;
