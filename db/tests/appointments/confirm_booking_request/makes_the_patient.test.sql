-- Test: confirm_booking_request - who is new becomes a patient, and the kept time an appointment, in one transaction. APT-02, APT-09, FND-07, FND-14.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('gabriela elsewhere', account => false, email => 'guest@people.test');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.remember('claim', claim_id) from app_public.booking_requests;

select tests.act_as('flavia');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('request'))).id);
select results_eq(
  $$select status, starts_at, ends_at, price_amount, currency::text, contact_email, contact_name, created_by, booking_request_id from app_public.appointments$$,
  $$values ('booked', '2027-03-08 10:00+02'::timestamptz, '2027-03-08 11:00+02'::timestamptz, 20000::bigint, 'RON', 'guest@people.test', 'Gabriela Munteanu', tests.id('flavia'), tests.id('request'))$$,
  'an appointment as it was asked for');
select results_eq(
  $$select given_name, family_name, email, phone, human_id from app_public.patient_profiles$$,
  $$values ('Gabriela', 'Munteanu', 'guest@people.test', '+40722000222', null::uuid)$$, 'of a new patient');
select is((select (status, decided_at, decided_by)::text from app_public.booking_requests), row('confirmed', '2027-03-01 08:00+02'::timestamptz, tests.id('flavia'))::text, 'the request is answered, by front desk');
select tests.act_as('the database');
select isnt((select patient_profile_id from app_public.appointments), tests.id('gabriela elsewhere'), 'a patient of another clinic with that address is another person');
select is((select count(*) from app_public.patients where organization_id = tests.id('boreal')), 1::bigint, 'and stays there');
select is((select kind || coalesce(released_at::text, '') from app_private.time_claims where id = tests.id('claim')), 'appointment', 'the claim is the appointment''s');
select is((select claim_id from app_public.appointments), tests.id('claim'), 'the same one');
select is((select assigned_count from app_private.specialist_assignment_tracking), 1::bigint, 'a turn is counted');
select is(tests.events_of(tests.id('request')), '{booking_request.received,booking_request.confirmed}', 'the request says so');
select is(tests.events_of(tests.id('visit')), '{appointment.booked}', 'the appointment too');
select is((select array_agg(name) from app_private.events where name like 'patient.%'), '{patient.onboarded}', 'and the patient');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('request'))$$, 'STATE', 'illegal_move', 'a second time it is answered already');
select is((select count(*) from app_public.appointments), 1::bigint, 'one appointment');
select * from finish();
rollback;
