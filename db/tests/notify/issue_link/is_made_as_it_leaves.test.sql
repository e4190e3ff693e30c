-- Test: issue_link - the link of a booking is in the message that leaves and nowhere else, and ends. APT-05, FND-15.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.calendar('mondays', '{ana}');
select tests.patient('maria', account => false);
select tests.patient('nora');
select tests.booking_request('request', 'mondays', 'ana', '2027-03-08 09:00+02');
select tests.booking_request('taken in', 'mondays', 'ana', '2027-03-08 11:00+02');
select tests.booking_request('of an account', 'mondays', 'ana', '2027-03-08 13:00+02');
select tests.appointment('visit', 'maria', 'mondays', 'ana', '2027-03-15 11:00+02', booking_request => 'taken in');
select tests.appointment('visit of an account', 'nora', 'mondays', 'ana', '2027-03-15 13:00+02', booking_request => 'of an account');

create function pg_temp.tell(message text, request text, patient text default null) returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_booked',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb
      || case when request is null then '{}' else jsonb_build_object('bookingRequestId', tests.id(request)) end,
    patient_profile_id => case when patient is not null then tests.id(patient) end, name => 'Gabriela', email => 'guest@people.test', calendar_uid => uuidv7());
  perform tests.remember(message || ' ' || m.channel, m.id) from app_public.messages m where m.id = any (v_ids);
end;
$$;
create function pg_temp.path(message text) returns text language sql as $$
  select link_name || ' ' || link_path from app_private.claim_message(tests.id(message))
$$;
create function pg_temp.token(path text) returns text language sql as $$ select split_part(path, '#', 2) $$;

select pg_temp.tell('first', 'request');
select is((select data ->> 'bookingRequestId' from app_public.messages where id = tests.id('first email')), tests.id('request')::text, 'what waits names the booking');
select is((select count(*) from app_private.guest_links), 0::bigint, 'and no token is made while it waits');
create temporary table left_with as select pg_temp.path('first email') as path;
select matches((select path from left_with), '^bookingUrl /booking#[0-9a-f]{32}$', 'it leaves with a token of 128 bits behind the #');
select results_eq(
  $$select opens, subject_id, token_hash, expires_at from app_private.guest_links$$,
  $$select 'booking', tests.id('request'), sha256(convert_to(pg_temp.token(path), 'utf8')), '2027-03-15 10:00+02'::timestamptz from left_with$$,
  'of which a digest is kept, until a week after the time');
select is_empty($$select m.id from app_public.messages m, left_with where m::text like '%' || pg_temp.token(path) || '%'$$, 'the message does not have it');
select is_empty($$select j.id from graphile_worker._private_jobs j, left_with where j.payload::text like '%' || pg_temp.token(path) || '%'$$, 'nor has its job');
select is(app_private.opened_by_link('booking', (select pg_temp.token(path) from left_with)), tests.id('request'), 'it opens the booking');
select is(app_private.opened_by_link('another', (select pg_temp.token(path) from left_with)), null, 'and is no link of another kind');
select is(app_private.opened_by_link('booking', ''), null, 'what is no token opens nothing');
insert into left_with select pg_temp.path('first email');
select is((select count(distinct app_private.opened_by_link('booking', pg_temp.token(path))) from left_with), 1::bigint, 'sent once more it has another, of the same booking');
select is((select count(*) from app_private.guest_links), 2::bigint, 'and both are good');

select pg_temp.tell('of nothing', null);
select is(pg_temp.path('of nothing email'), null, 'a message that names no booking has no link');
select pg_temp.tell('visit', 'taken in', 'maria');
select matches(pg_temp.path('visit email'), '^bookingUrl /booking#', 'that of a patient without an account has one');
select is((select max(expires_at) from app_private.guest_links where subject_id = tests.id('taken in')), '2027-03-22 12:00+02', 'by the time of the appointment');
select matches(pg_temp.path('visit sms'), '^bookingUrl /booking#', 'an SMS has one as well');
select pg_temp.tell('account', 'of an account', 'nora');
select results_eq(
  $$select link_name, data -> 'bookingRequestId' from app_private.claim_message(tests.id('account email'))$$,
  $$values (null::text, 'null'::jsonb)$$, 'whoever has an account is sent none, and the text says nothing of one');
update app_public.patient_profiles set human_id = null where id = tests.id('nora');
select is((select link_path from app_private.claim_message(tests.id('account in_app'))), null, 'the inbox of an account keeps none');

update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('visit');
select is((app_private.target_of_booking(tests.id('atlas'), tests.id('taken in'))).ends_at, null, 'an appointment that was removed is opened by nothing');
select is((app_private.target_of_booking(tests.id('atlas'), uuidv7())).ends_at, null, 'nor is what never was');

select tests.freeze_time('2027-03-15 09:59:59+02');
select is(app_private.opened_by_link('booking', (select pg_temp.token(path) from left_with limit 1)), tests.id('request'), 'it opens to the last second');
select tests.freeze_time('2027-03-15 10:00+02');
select is(app_private.opened_by_link('booking', (select pg_temp.token(path) from left_with limit 1)), null, 'and then no more');
select * from finish();
rollback;
