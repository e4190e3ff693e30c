-- Test: require_listed, moves_booking, available_slots, available_days, next_available, move_booking - while a clinic is suspended, whoever holds the link of a booking is listed times of its calendar and moves it to one; other visitors are listed nothing. BIL-05, APT-05.
begin;
select plan(58);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.specialist('bogdan'), tests.calendar('northern', '{bogdan}', 60), tests.booking_request('northern one', 'northern', 'bogdan', '2027-03-08 10:00+02', 'north@people.test');
select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}'), tests.specialist('dana', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('mondays', '{stefan}', 60), tests.calendar('others', '{dana}', 60);
select tests.booking_request('waiting', 'mondays', 'stefan', '2027-03-08 09:00+02', 'waiting@people.test');
select tests.booking_request('answered', 'mondays', 'stefan', '2027-03-08 11:00+02', 'answered@people.test');
select tests.booking_request('called off', 'mondays', 'stefan', '2027-03-08 13:00+02', 'off@people.test');
select tests.booking_request('refused', 'mondays', 'stefan', '2027-03-08 15:00+02', 'refused@people.test');
update app_public.booking_requests r set token_hash = extensions.digest('token of ' || n.name, 'sha256'), given_name = initcap(n.name) from tests.names n where n.id = r.id;
set local session_replication_role = replica;
update app_public.booking_requests set created_at = app_hidden.now();
set local session_replication_role = origin;
select tests.act_as('flavia');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('answered'), as_new_patient => true)).id);
select tests.remember('visit off', (app_public.confirm_booking_request(tests.id('called off'), as_new_patient => true)).id);
select app_public.cancel_appointment(tests.id('visit off')), app_public.reject_booking_request(tests.id('refused'));
select tests.act_as('the database');
select tests.offered_tier('plus'), tests.billing_details('atlas'), tests.clinic_subscribed('plus', clinic => 'atlas', status => 'suspended');
select tests.billing_details('boreal'), tests.clinic_subscribed('plus', clinic => 'boreal', status => 'suspended');

create temporary table lists (verb text, statement text);
grant select on lists to public;
insert into lists values
  ('available_slots', $$select count(*) from app_public.available_slots(tests.id(%1$L), '2027-03-08 00:00+02', '2027-03-09 00:00+02', booking_token => %2$L)$$),
  ('available_days', $$select count(*) from app_public.available_days(tests.id(%1$L), '2027-03-08', '2027-03-10', booking_token => %2$L)$$),
  ('next_available', $$select count(*) from app_public.next_available(tests.id(%1$L), 3, booking_token => %2$L)$$);
create function pg_temp.listed(calendar text, token text) returns text language plpgsql as $$
declare
  v_list lists;
  v_count bigint;
  v_told text := '';
begin
  for v_list in select * from lists order by verb collate "C" loop
    begin
      execute format(v_list.statement, calendar, token) into v_count;
      v_told := v_told || ' ' || v_count;
    exception when others then
      v_told := v_told || ' ' || sqlerrm;
    end;
  end loop;
  return btrim(v_told);
end $$;

select tests.act_as('a visitor');
select refused from (values (null), (''), ('a guess'), (tests.id('answered')::text), ('token of called off'), ('token of refused'), ('token of northern one')) as t (token)
cross join lists cross join lateral tests.refuses(format(statement, 'mondays', token), 'STATE', 'clinic_suspended', verb || ' is refused with ' || coalesce(token, 'no token')) as refused;
select is(pg_temp.listed('mondays', 'token of answered'), '1 6 3', 'whoever has the link of an appointment is listed days, times and the next ones');
select is(pg_temp.listed('mondays', 'token of waiting'), '1 6 3', 'and of a request that waits');
select is(pg_temp.listed('others', 'token of answered'), 'clinic_suspended clinic_suspended clinic_suspended', 'of the calendar of the booking and no other');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 14:00+02')$$, 'STATE', 'clinic_suspended', 'nobody holds one of them');

-- It is moved to what is listed.
select is((app_public.move_booking('token of answered', (select max(s.starts_at) from app_public.available_slots(tests.id('mondays'), '2027-03-08 00:00+02', '2027-03-09 00:00+02', booking_token => 'token of answered') s))).starts_at,
  '2027-03-08 16:00+02', 'an appointment is moved to the last of them');
select is((app_public.move_booking('token of waiting', '2027-03-08 10:00+02')).starts_at, '2027-03-08 10:00+02', 'a request, too');
select is((app_public.booking_by_token('token of answered')).starts_at, '2027-03-08 16:00+02', 'as its page says then');
select is(pg_temp.listed('mondays', 'token of answered'), '1 6 3', 'the old times are free, the new ones taken');
select tests.act_as('the database');
select is((select starts_at from app_public.appointments where id = tests.id('visit')), '2027-03-08 16:00+02', 'it is the same appointment');
select is((select status from app_public.appointments where id = tests.id('visit')), 'booked', 'booked');
select app_private.consume_notifications(e.id) from app_private.events e where e.name = 'appointment.rescheduled';
select is((select count(*)::int from app_public.messages where template_key = 'appointment_rescheduled' and recipient_email = 'answered@people.test' and channel = 'email' and status = 'queued'), 1, 'its guest gets the mail about the new time');

-- What cannot be moved any more is listed nothing.
update app_public.appointments set reschedule_limit = 1, reschedule_count = 1 where id = tests.id('visit');
select tests.act_as('a visitor');
select is(pg_temp.listed('mondays', 'token of answered'), 'clinic_suspended clinic_suspended clinic_suspended', 'an appointment that was moved as often as may be');
select tests.act_as('ana');
select is(pg_temp.listed('mondays', null), '1 6 3', 'who is signed in needs no link');
select tests.act_as('the database');
update app_public.organization_subscriptions set status = 'active' where organization_id = tests.id('atlas');
select tests.act_as('a visitor');
select is(pg_temp.listed('mondays', null), '1 6 3', 'once the clinic is active again everybody is listed its times');
select is(pg_temp.listed('mondays', 'a guess'), '1 6 3', 'whatever token they show');
select * from finish();
rollback;
