-- Test: require_request_allowance - who asks and withdraws in a loop comes to an end, and so does a network. FND-35, APT-09.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.specialist('bela');
select tests.calendar('tuesdays', '{bela}');
select tests.clinic('atlas');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.staff('flavia', 'front_desk');
update app_private.visitor_limits set per_hour = 3, per_day = 5 where name = 'visitor';
update app_private.visitor_limits set per_hour = 6, per_day = 20 where name = 'address';
-- What limits messages limits no requests.
update app_private.visitor_limits set per_hour = 1, per_day = 1 where name not in ('visitor', 'address');
-- Holds, asks, and withdraws.
create function pg_temp.loops(visitor text, ip text default '198.51.100.7', calendar text default 'mondays', specialist text default 'stefan', persona text default 'a visitor') returns text language plpgsql as $$
declare v_name text := 'h' || replace(uuidv7()::text, '-', ''); v_receipt app_public.booking_receipt;
begin
  perform tests.act_as('the database');
  perform tests.hold(v_name, loops.calendar, loops.specialist, '2027-03-08 10:00+02');
  update app_private.time_claims set visitor_id = 'visitor:' || loops.visitor, address = loops.ip::inet, created_at = app_hidden.now() where id = tests.id('claim of ' || v_name);
  perform tests.act_as(loops.persona);
  v_receipt := app_public.request_booking(tests.token(v_name), 'Gabriela', 'Munteanu', 'victim@people.test', '0722123456');
  perform app_public.withdraw_booking_request(v_receipt.token);
  perform tests.act_as('the database');
  return 'asked and withdrew';
exception when sqlstate 'RX429' then
  perform tests.act_as('the database');
  return sqlerrm;
end;
$$;
create function pg_temp.many(n int, visitor text, ip text default '198.51.100.7') returns text language sql as $$
  select string_agg(distinct pg_temp.loops(many.visitor, many.ip), '; ') from generate_series(1, many.n);
$$;

select is(pg_temp.many(3, 'mallory'), 'asked and withdrew', 'some requests are nobody''s concern');
select is(pg_temp.loops('mallory'), 'too_many_requests', 'though each was withdrawn, they count');
select is((select count(*) from app_public.booking_requests), 3::bigint, 'a refused one writes nothing');
select is((select count(*) from app_private.events where name like 'booking_request.%'), 6::bigint, 'and nobody is told of it');
select is(pg_temp.loops('mallory', calendar => 'tuesdays', specialist => 'bela'), 'too_many_requests', 'another clinic is no way around it');
select is(pg_temp.many(3, 'minnie'), 'asked and withdrew', 'another visitor of the same network');
select is(pg_temp.loops('new every time'), 'too_many_requests_from_address', 'until the network has asked enough, whatever it calls itself');
select is(pg_temp.loops('elsewhere', '203.0.113.9'), 'asked and withdrew', 'another network asks');
select is(pg_temp.loops('mallory', persona => 'flavia'), 'asked and withdrew', 'somebody of the clinic asks for whom they like');
select tests.freeze_time('2027-03-01 09:30+02');
select is(pg_temp.many(2, 'minnie', '203.0.113.10'), 'asked and withdrew', 'after an hour they may ask again');
select is(pg_temp.loops('minnie', '203.0.113.10'), 'too_many_requests', 'up to five a day');
select tests.freeze_time('2027-03-01 12:00+02');
select is(pg_temp.loops('minnie', '203.0.113.10'), 'too_many_requests', 'however they are spread');
select tests.freeze_time('2027-03-02 09:00+02');
select is(pg_temp.loops('minnie', '203.0.113.10'), 'asked and withdrew', 'and the next day');

select tests.freeze_time('2027-03-01 08:30+02');
select tests.hold('later', 'mondays', 'stefan', '2027-03-08 12:00+02');
update app_private.time_claims set visitor_id = 'visitor:mallory', created_at = app_hidden.now() where id = tests.id('claim of later');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.request_booking(tests.token('later'), 'G', 'M', 'victim@people.test', '0722123456')$$, 'RATE_LIMITED', 'too_many_requests', 'they are told when to try again');

-- To the moment.
select tests.act_as('the database');
update app_private.visitor_limits set per_hour = 2, per_day = 3 where name = 'visitor';
select tests.freeze_time('2027-03-03 08:00+02');
select is(pg_temp.many(2, 'edgar', '192.0.2.1'), 'asked and withdrew', 'two in an hour');
select tests.freeze_time('2027-03-03 09:00+02');
select is(pg_temp.loops('edgar', '192.0.2.1'), 'asked and withdrew', 'an hour later a third');
select tests.freeze_time('2027-03-04 08:00+02');
select is(pg_temp.loops('edgar', '192.0.2.1'), 'asked and withdrew', 'a day after the first a fourth');
update app_private.visitor_limits set per_hour = 20, per_day = 20 where name = 'visitor';
update app_private.visitor_limits set per_hour = 2, per_day = 3 where name = 'address';
select tests.freeze_time('2027-03-05 08:00+02');
select is(pg_temp.many(2, 'frida', '192.0.2.2'), 'asked and withdrew', 'two from an address');
select tests.freeze_time('2027-03-05 09:00+02');
select is(pg_temp.loops('gerda', '192.0.2.2'), 'asked and withdrew', 'an hour later a third');
select tests.freeze_time('2027-03-06 08:00+02');
select is(pg_temp.loops('hanna', '192.0.2.2'), 'asked and withdrew', 'a day after the first a fourth');
select * from finish();
rollback;
