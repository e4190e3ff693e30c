-- Test: reject_booking_request - the clinic says no, with a reason; the time is free and the answer is final. APT-09, FND-14.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.booking_request('another', 'mondays', 'stefan', '2027-03-08 14:00+02');
select tests.booking_request('request', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.act_as('flavia');
select * from tests.breaks($$select app_public.reject_booking_request(tests.id('request'), repeat('x', 501))$$, 'booking_requests_rejection_reason_is_short', 'a reason is short');
select results_eq(
  $$select status, rejection_reason, decided_at, decided_by from app_public.reject_booking_request(tests.id('request'), ' Specialistul lipsește ')$$,
  $$values ('rejected', 'Specialistul lipsește', '2027-03-01 08:00+02'::timestamptz, tests.id('flavia'))$$, 'no, because, when and by whom');
select tests.act_as('the database');
select is((select count(*) from app_private.time_claims where released_at is null), 1::bigint, 'the time is free');
select is((select status from app_public.booking_requests where id = tests.id('another')), 'requested', 'another request waits on');
select is(tests.events_of(tests.id('request')), '{booking_request.received,booking_request.rejected}', 'an event tells the guest');
select is((select count(*) from app_public.patient_profiles) + (select count(*) from app_public.appointments), 0::bigint, 'nobody became a patient');
select lives_ok($$select tests.claim('stefan', '2027-03-08 10:00+02')$$, 'somebody else takes the time');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('request'))$$, 'STATE', 'illegal_move', 'no is no');
select * from tests.refuses($$select app_public.reject_booking_request(tests.id('request'))$$, 'STATE', 'illegal_move', 'once');
select is((select rejection_reason from app_public.booking_requests where id = tests.id('request')), 'Specialistul lipsește', 'with the first reason');
select * from finish();
rollback;
