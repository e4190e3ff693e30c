-- Test: move_booking - behind the link a request and an appointment go to another time: the old one is free only when the new is taken. APT-02, APT-03, APT-05, APT-09, FND-26, FND-35.
begin;
select plan(52);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.specialist('dana');
select tests.calendar('mondays', '{stefan}');
select tests.calendar('picked', '{stefan,dana}', strategy => 'specific');
select tests.booking_request('open', 'mondays', 'stefan', '2027-03-08 08:00+02');
select tests.booking_request('answered', 'mondays', 'stefan', '2027-03-08 10:00+02', 'answered@people.test');
select tests.booking_request('with whom', 'picked', 'dana', '2027-03-08 10:00+02', 'picked@people.test');
select tests.booking_request('declined', 'mondays', 'stefan', '2027-03-08 12:00+02', 'declined@people.test');
select tests.works('dana');
update app_public.booking_requests r set token_hash = extensions.digest('token of ' || n.name, 'sha256'), given_name = initcap(n.name) from tests.names n where n.id = r.id;
-- The builders make them at the time of the machine.
set local session_replication_role = replica;
update app_public.booking_requests set created_at = app_hidden.now();
set local session_replication_role = origin;
select tests.act_as('flavia');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('answered'), as_new_patient => true)).id);
select app_public.reject_booking_request(tests.id('declined'));
select tests.act_as('the database');
update app_public.appointments set reschedule_minutes = 120, reschedule_limit = 2;
select tests.claim('stefan', '2027-03-08 18:00+02');
create function pg_temp.times() returns text[] language sql as $$
  select array_agg(to_char(lower(during) at time zone 'Europe/Bucharest', 'DD HH24:MI') || ' ' || kind order by lower(during), kind)
  from app_private.time_claims where released_at is null and specialist_id = tests.id('stefan')
$$;

select tests.act_as('a visitor');
select refused.* from unnest(array['', 'a guess', tests.id('open')::text, repeat('a', 5000)]) as token
cross join lateral tests.refuses(format($$select app_public.move_booking(%L, '2027-03-08 15:00+02')$$, token), 'NOT_FOUND', 'booking_not_found', 'no link: ' || left(token, 20)) as refused;

-- A request.
select * from tests.refuses($$select app_public.move_booking('token of open', '2027-03-08 18:00+02')$$, 'SLOT_TAKEN', null, 'a time that is taken');
select * from tests.refuses($$select app_public.move_booking('token of open', '2027-03-08 08:30+02')$$, 'VALIDATION', null, 'a time that is not listed');
select * from tests.refuses($$select app_public.move_booking('token of open', null)$$, 'VALIDATION', null, 'no time');
select * from tests.refuses($$select app_public.move_booking('token of open', 'infinity')$$, 'VALIDATION', null, 'a time that never comes');
select * from tests.refuses($$select app_public.move_booking('token of open', '2027-03-08 08:00+02')$$, 'CONFLICT', 'already_at_this_time', 'the same time');
select * from tests.refuses($$select app_public.move_booking('token of open', '2027-03-08 15:00+02', tests.id('stefan'))$$, 'VALIDATION', 'specialist_is_assigned', 'the clinic assigns');
select tests.freeze_time('2027-03-01 20:00+02');
select is((select (b.status, b.starts_at, b.ends_at, b.respond_by, b.may_move)::text from app_public.move_booking('token of open', '2027-03-08 15:00+02') b),
  row('requested', '2027-03-08 15:00+02'::timestamptz, '2027-03-08 16:00+02'::timestamptz, '2027-03-02 20:00+02'::timestamptz, true)::text,
  'a request goes there, waits on, and the clinic has a day to answer again');
select tests.act_as('the database');
select is(pg_temp.times(), '{"08 10:00 appointment","08 15:00 request","08 18:00 appointment"}', 'its old time is free, and the new one taken');
select is(tests.events_of(tests.id('open')), '{booking_request.received,booking_request.changed,booking_request.moved}', 'events say so');
select app_private.consume_notifications(id) from app_private.events where subject_id = tests.id('open') order by id;
select results_eq($$select template_key, calendar_sequence, data ->> 'startsAt' from app_public.messages where channel = 'email' and template_key <> 'booking_request_to_review' order by id$$,
  $$values ('booking_request_received', 0, '2027-03-08T13:00:00+00:00'), ('booking_request_received', 1, '2027-03-08T13:00:00+00:00'), ('booking_request_moved_by_guest', null, '2027-03-08T13:00:00+00:00')$$,
  'the guest is told, with the calendar entry in a later version, and the clinic');
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-02 19:00+02');
select is((select b.respond_by from app_public.move_booking('token of open', '2027-03-08 16:00+02') b), '2027-03-03 08:00+02', 'moved about it is kept twice as long as the clinic has, and no longer');
select tests.freeze_time('2027-03-03 08:00+02');
select throws_ok($$select app_public.move_booking('token of open', '2027-03-08 15:00+02')$$, 'RX410', 'booking_unanswered', 'past its deadline it goes nowhere');
select tests.freeze_time('2027-03-02 20:00+02');
select * from tests.refuses($$select app_public.move_booking('token of declined', '2027-03-08 20:00+02')$$, 'STATE', 'illegal_move', 'nor does one that was declined');
select tests.act_as('flavia');
select lives_ok($$select app_public.confirm_booking_request(tests.id('open'), as_new_patient => true)$$, 'what was moved is confirmed where it is');
select tests.act_as('the database');
select is((select starts_at from app_public.appointments where booking_request_id = tests.id('open')), '2027-03-08 16:00+02', 'at the new time');

-- With whom.
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-01 20:00+02');
select is((select (b.specialist_id = tests.id('dana'), b.starts_at)::text from app_public.move_booking('token of with whom', '2027-03-08 11:00+02') b), row(true, '2027-03-08 11:00+02'::timestamptz)::text, 'where the visitor picks it stays the same one');
select is((select (b.specialist_id = tests.id('stefan'))::text from app_public.move_booking('token of with whom', '2027-03-08 12:00+02', tests.id('stefan')) b), 'true', 'or the one they name');
select * from tests.refuses($$select app_public.move_booking('token of with whom', '2027-03-08 13:00+02', uuidv7())$$, 'VALIDATION', 'unknown_specialist', 'of the calendar');

-- An appointment.
select * from tests.refuses($$select app_public.move_booking('token of answered', '2027-03-08 18:00+02')$$, 'SLOT_TAKEN', null, 'a time that is taken');
select is((select ((b.appointment).status, (b.appointment).starts_at, b.may_move)::text from app_public.move_booking('token of answered', '2027-03-08 13:00+02') b),
  row('booked', '2027-03-08 13:00+02'::timestamptz, true)::text, 'an appointment goes there without an answer of the clinic');
select tests.act_as('the database');
select is((select (from_status, to_status, moved_by)::text from app_public.appointment_moves where appointment_id = tests.id('visit') order by id desc limit 1), '(booked,booked,)', 'by nobody who has an account: by the guest');
select is((select reschedule_count from app_public.appointments where id = tests.id('visit')), 1, 'it counts as the patient''s');
select is(pg_temp.times(), '{"08 12:00 request","08 13:00 appointment","08 16:00 appointment","08 18:00 appointment"}', 'the old time is free');
select app_private.consume_notifications(id) from app_private.events where subject_id = tests.id('visit') and name = 'appointment.rescheduled';
select set_eq($$select template_key, recipient_email from app_public.messages where channel = 'email' and template_key like 'appointment_rescheduled%'$$,
  $$values ('appointment_rescheduled', 'answered@people.test'), ('appointment_rescheduled_by_patient', 'contact@atlas.test')$$, 'guest and clinic are told');
select tests.act_as('a visitor');
select set_config('app.idempotency_key', 'again', true);
select set_config('tests.told', app_public.move_booking('token of answered', '2027-03-08 14:00+02')::text, true);
select is(app_public.move_booking('token of answered', '2027-03-08 14:00+02')::text, current_setting('tests.told'), 'the same request again is answered as the first time');
select * from tests.refuses($$select app_public.move_booking('a guess', '2027-03-08 14:00+02')$$, 'IDEMPOTENCY_MISMATCH', null, 'and tells nothing to whoever has no link');
select set_config('app.idempotency_key', '', true);
select throws_ok($$select app_public.move_booking('token of answered', '2027-03-08 15:00+02')$$, 'RX412', 'rescheduled_too_often', 'no more often than the policy lets');
select tests.act_as('the database');
update app_public.appointments set reschedule_limit = null where id = tests.id('visit');
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-08 12:00:01+02');
select throws_ok($$select app_public.move_booking('token of answered', '2027-03-08 15:00+02')$$, 'RX412', 'too_late_to_reschedule', 'nor later');

-- To and fro.
select tests.freeze_time('2027-03-08 06:00+02');
select app_public.move_booking('token of answered', case when n % 2 = 0 then '2027-03-08 14:00+02' else '2027-03-08 15:00+02' end::timestamptz) from generate_series(1, 6) n;
select * from tests.refuses($$select app_public.move_booking('token of answered', '2027-03-08 15:00+02')$$, 'RATE_LIMITED', 'moved_too_often', 'six times an hour');
select tests.freeze_time('2027-03-08 07:00:01+02');
select lives_ok($$select app_public.move_booking('token of answered', '2027-03-08 15:00+02')$$, 'and then again');
select tests.act_as('the database');
update app_public.patient_profiles set human_id = tests.person('gabriela'), birth_date = '1985-05-05' where id = (select patient_profile_id from app_public.appointments where id = tests.id('visit'));
select tests.act_as('a visitor');
select throws_ok($$select app_public.move_booking('token of answered', '2027-03-08 14:00+02')$$, 'RX412', 'booking_has_an_account', 'who has an account does it there');
select tests.act_as('the database');
update app_public.calendars set is_public = false where id = tests.id('picked');
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-02 20:00+02');
select * from tests.refuses($$select app_public.move_booking('token of with whom', '2027-03-08 20:00+02')$$, 'NOT_FOUND', 'calendar_not_found', 'a calendar that is private now offers nothing');
select * from finish();
rollback;
