-- Test: cancel_booking - behind the link a request is withdrawn and an appointment called off by its policy, as of a guest. APT-03, APT-05, APT-09, FND-26.
begin;
select plan(44);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
update app_public.organizations set contact_phone = '+40264000111' where id = tests.id('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.booking_request('open', 'mondays', 'stefan', '2027-03-08 08:00+02');
select tests.booking_request('early', 'mondays', 'stefan', '2027-03-08 10:00+02', 'early@people.test');
select tests.booking_request('late', 'mondays', 'stefan', '2027-03-08 12:00+02', 'late@people.test');
select tests.booking_request('refused', 'mondays', 'stefan', '2027-03-08 14:00+02', 'refused@people.test');
select tests.booking_request('begun', 'mondays', 'stefan', '2027-03-08 16:00+02', 'begun@people.test');
update app_public.booking_requests r set token_hash = extensions.digest('token of ' || n.name, 'sha256'), given_name = initcap(n.name) from tests.names n where n.id = r.id;
select tests.act_as('flavia');
select tests.remember('visit ' || n, (app_public.confirm_booking_request(tests.id(n), as_new_patient => true)).id)
from unnest(array['early', 'late', 'refused', 'begun']) as n;
select tests.act_as('the database');
update app_public.appointments set cancel_minutes = 1440;
update app_public.appointments set late_cancel = 'refused' where id = tests.id('visit refused');
create function pg_temp.refusal(statement text) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  execute statement;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb;
end;
$$;

select tests.act_as('a visitor');
select refused.* from unnest(array['', 'a guess', tests.id('open')::text, repeat('a', 5000)]) as token
cross join lateral tests.refuses(format('select app_public.cancel_booking(%L)', token), 'NOT_FOUND', 'booking_not_found', 'no link: ' || left(token, 20)) as refused;
select * from tests.refuses('select app_public.cancel_booking(null)', 'NOT_FOUND', 'booking_not_found', 'no link: nothing');
select * from tests.breaks($$select app_public.cancel_booking('token of open', repeat('a', 501))$$, 'booking_requests_withdrawal_reason_is_short', 'a reason is no book');

select is((select (b.status, b.may_cancel, b.may_move)::text from app_public.cancel_booking('token of open', ' Sunt bolnav. ') b), '(withdrawn,f,f)', 'a request is withdrawn');
select tests.act_as('the database');
select is((select (withdrawal_reason, decided_at, decided_by)::text from app_public.booking_requests where id = tests.id('open')), row('Sunt bolnav.', '2027-03-01 08:00+02'::timestamptz, null)::text, 'with the reason, by no staff');
select is((select count(*) from app_private.time_claims c join app_public.booking_requests r on r.claim_id = c.id where r.id = tests.id('open') and c.released_at is null), 0::bigint, 'its time is free');
select is(tests.events_of(tests.id('open')), '{booking_request.received,booking_request.withdrawn}', 'an event says so');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.cancel_booking('token of open')$$, 'STATE', 'illegal_move', 'once');

select is((select ((b.appointment).status, (b.appointment).is_late_cancellation, (b.appointment).cancellation_reason, b.may_cancel)::text
  from app_public.cancel_booking('token of early', 'Nu mai pot.') b), '(cancelled,f,"Nu mai pot.",f)', 'an appointment is called off, in good time');
select tests.act_as('the database');
select is((select (from_status, to_status, moved_by, reason)::text from app_public.appointment_moves where appointment_id = tests.id('visit early') and to_status = 'cancelled'),
  '(booked,cancelled,,"Nu mai pot.")', 'by nobody who has an account: by the guest');
select is((select count(*) from app_private.time_claims c join app_public.appointments a on a.claim_id = c.id where a.id = tests.id('visit early') and c.released_at is null), 0::bigint, 'its time is free');
select is(tests.events_of(tests.id('visit early')), '{appointment.booked,appointment.cancelled}', 'an event says so');
select app_private.consume_notifications(id) from app_private.events where subject_id = tests.id('visit early');
select set_eq($$select template_key, recipient_email from app_public.messages where channel = 'email' and template_key like 'appointment_cancelled%'$$,
  $$values ('appointment_cancelled', 'early@people.test'), ('appointment_cancelled_by_patient', 'contact@atlas.test')$$, 'the guest is told, and the clinic');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.cancel_booking('token of early')$$, 'STATE', 'illegal_move', 'once');

-- Until when, and what is late.
select tests.freeze_time('2027-03-07 12:00+02');
select is((select (b.appointment).is_late_cancellation from app_public.cancel_booking('token of late') b), false, 'to the last second it is not late');
select tests.freeze_time('2027-03-07 14:00:01+02');
select throws_ok($$select app_public.cancel_booking('token of refused')$$, 'RX412', 'too_late_to_cancel', 'later it is refused by this policy');
select tests.freeze_time('2027-03-08 09:00+02');
-- The reference is what the same key was told.
select set_config('app.idempotency_key', 'again', true);
select is((b.appointment).is_late_cancellation, true, 'it is marked as late by another'), set_config('tests.told', b::text, true) from app_public.cancel_booking('token of begun') b;
select is(app_public.cancel_booking('token of begun')::text, current_setting('tests.told'), 'the same request again is answered as the first time');
select * from tests.refuses($$select app_public.cancel_booking('token of begun', 'Other')$$, 'IDEMPOTENCY_MISMATCH', null, 'another under its key is refused');
select * from tests.refuses($$select app_public.cancel_booking('a guess')$$, 'IDEMPOTENCY_MISMATCH', null, 'whoever has the key and no link is told nothing');
select set_config('app.idempotency_key', '', true);

-- Staff with the guest's link are the guest, too: the policy holds.
select tests.act_as('flavia');
select throws_ok($$select app_public.cancel_booking('token of refused')$$, 'RX412', 'too_late_to_cancel', 'a link is a link, whoever holds it');
select tests.act_as('the database');
select is(pg_temp.refusal($$select app_public.cancel_booking('token of refused')$$),
  '{"until": "2027-03-07T12:00:00+00:00", "timezone": "Europe/Bucharest", "clinicPhone": "+40264000111"}', 'until when it went, and whom to call');
update app_public.appointments set late_cancel = 'allowed';
update app_public.patient_profiles set human_id = tests.person('gabriela'), birth_date = '1985-05-05' where id = (select patient_profile_id from app_public.appointments where id = tests.id('visit refused'));
select tests.act_as('a visitor');
select throws_ok($$select app_public.cancel_booking('token of refused')$$, 'RX412', 'booking_has_an_account', 'who has an account does it there');
select tests.act_as('the database');
update app_public.patient_profiles set human_id = null;
select tests.act_as('flavia');
select tests.freeze_time('2027-03-08 14:00+02');
select app_public.start_appointment(tests.id('visit refused'));
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.cancel_booking('token of refused')$$, 'STATE', 'illegal_move', 'what has begun is not called off');
select tests.act_as('the database');
update app_public.patient_profiles set human_id = tests.id('gabriela') where id = (select patient_profile_id from app_public.appointments where id = tests.id('visit refused'));
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.cancel_booking('token of refused')$$, 'STATE', 'illegal_move', 'nobody is sent to their account for it');
select tests.freeze_time('2027-03-22 15:00+02');
select * from tests.refuses($$select app_public.cancel_booking('token of refused')$$, 'NOT_FOUND', 'booking_not_found', 'and a link that ended is none');
select set_config('app.idempotency_key', 'again', true);
select * from tests.refuses($$select app_public.cancel_booking('token of begun')$$, 'NOT_FOUND', 'booking_not_found', 'nor is its answer given again');
select * from finish();
rollback;
