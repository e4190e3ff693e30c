-- Test: hold_slot, available_slots - a group session has so many seats, one specialist, and ends with its last seat. SCH-02, SCH-06.
begin;
select plan(46);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["10:00", "11:00"]]}');
select tests.calendar('yoga', specialists => '{ana}', minutes => 60, step_minutes => 30, buffer_after_minutes => 10);
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.calendar('pilates', specialists => '{ana}', minutes => 60);
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
select tests.capacity('yoga', 2), tests.capacity('pilates', 5), tests.capacity('pool', 3);
select tests.guard_claims();
create temporary table holds (name text, hold app_public.slot_hold);
grant all on holds to public;
create function pg_temp.token(name text) returns text language sql as
  'select (hold).token from holds where holds.name = token.name';
create function pg_temp.seats(calendar text, token text default null) returns text language sql as $$
  select string_agg(substr(s.local_start, 12, 5) || ' ' || coalesce(s.seats_left::text, '-'), ', ' order by s.starts_at)
  from app_public.available_slots(tests.id(calendar), '2027-03-08 00:00+02', '2027-03-09 00:00+02', hold_token => token) as s
$$;
create function pg_temp.claims() returns table (kind text, starts text, seat int, expires timestamptz) language sql security definer as $$
  select tc.kind, to_char(lower(tc.during) at time zone 'Europe/Bucharest', 'HH24:MI'), tc.seat, tc.expires_at
  from app_private.time_claims as tc where tc.released_at is null order by lower(tc.during), tc.seat nulls first
$$;
grant execute on function pg_temp.claims to public;

select tests.act_as('a visitor');
select is(pg_temp.seats('yoga'), '09:00 2, 09:30 2, 10:00 2, 10:30 2, 11:00 2', 'every start has its seats');
select is(pg_temp.seats('visits'), '09:00 -, 10:00 -, 11:00 -', 'elsewhere nobody counts them');
insert into holds select 'first', app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02');
select is(pg_temp.seats('yoga'), '09:30 1, 11:00 2', 'a seat of an open session, and nothing that overlaps it');
select is(pg_temp.seats('yoga', pg_temp.token('first')), '09:00 2, 09:30 2, 10:00 2, 10:30 2, 11:00 2', 'the holder, alone in it, has the choice of all');
select is(pg_temp.seats('visits'), '11:00 -', 'who wants the specialist alone has what the session leaves');
select is(pg_temp.seats('pilates'), '11:00 5', 'and so has another group');
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '09:30', null), ('hold', '09:30', 1)$$,
  'one session, one seat');
select is((app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02')).starts_at, '2027-03-08 09:30+02', 'who asks again');
select is(pg_temp.seats('yoga'), '09:30 1, 11:00 2', 'has the same seat');

select tests.act_as('another visitor');
insert into holds select 'second', app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02');
select is((hold).ends_at, '2027-03-08 10:30+02', 'the second seat') from holds where name = 'second';
select is(pg_temp.seats('yoga'), '11:00 2', 'full');
select is(pg_temp.seats('yoga', pg_temp.token('second')), '09:30 1, 11:00 2', 'but to who has a seat it is free');
select tests.act_as('a third visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02')$$, 'SLOT_TAKEN', 'slot_taken', 'no third seat');
select * from tests.refuses($$select app_public.hold_slot(tests.id('yoga'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'no second session beside it');
select * from tests.refuses($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'and no visit');

-- Seats are let go one by one, the session with the last.
select tests.act_as('a visitor');
select app_public.release_hold(pg_temp.token('first'));
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '09:30', null), ('hold', '09:30', 2)$$,
  'the first seat is free again');
insert into holds select 'third', app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02');
select is((select seat from pg_temp.claims() where kind = 'hold' order by seat limit 1), 1, 'and taken again');

-- A seat is asked for, and booked.
select isnt(app_public.request_booking(pg_temp.token('third'), 'Gina', 'Rusu', 'g@people.test', '+40722000444'), null, 'a seat becomes a request');
select results_eq('select kind, expires is null from pg_temp.claims()',
  $$values ('session', true), ('request', true), ('hold', false)$$, 'and the session no longer expires');
select tests.freeze_time('2027-03-01 08:20+02');
select is(pg_temp.seats('yoga'), '09:30 1, 11:00 2', 'a hold that expired leaves its seat');
select tests.act_as('a third visitor');
select is((app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02')).starts_at, '2027-03-08 09:30+02', 'which somebody else takes');
select tests.act_as('the worker');
select is(app_private.release_expired_claims(), 0, 'nothing is left to tidy');
select tests.freeze_time('2027-03-01 08:40+02');
select is(app_private.release_expired_claims(), 1, 'the worker tidies seats');
select tests.act_as('the database');
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '09:30', null), ('request', '09:30', 1)$$, 'the session stays for whom it is booked');
select app_private.release_claims(array(select id from app_private.time_claims where kind = 'request'));
select is_empty('select * from pg_temp.claims()', 'and goes with the last');
select is((select count(*) from app_private.events where name = 'slot.released' and subject_id in (select id from app_private.time_claims where kind = 'session')),
  0::bigint, 'of sessions nobody is told; seats are what people watch');

-- A session whose holds all expired is free to everybody.
select tests.act_as('a visitor');
insert into holds select 'left behind', app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02');
select tests.freeze_time('2027-03-01 08:50+02');
select is(pg_temp.seats('visits'), '09:00 -, 10:00 -, 11:00 -', 'who left it behind is in nobody''s way');
select tests.act_as('another visitor');
insert into holds select 'visit', app_public.hold_slot(tests.id('visits'), '2027-03-08 10:00+02');
select results_eq('select kind, starts from pg_temp.claims()', $$values ('hold', '10:00')$$, 'the time is taken by a visit');
select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.request_booking(pg_temp.token('left behind'), 'Gina', 'Rusu', 'g@people.test', '+40722000444')$$,
  'SLOT_TAKEN', 'slot_taken', 'and is not honoured any more');
select app_public.release_hold(pg_temp.token('visit'));

-- The last minute: the seat is taken again, with its session.
insert into holds select 'late', app_public.hold_slot(tests.id('yoga'), '2027-03-08 09:30+02');
select tests.freeze_time('2027-03-01 09:00:30+02');
select tests.act_as('the worker');
select is(app_private.release_expired_claims(), 1, 'the seat was tidied');
select tests.act_as('a visitor');
select isnt(app_public.request_booking(pg_temp.token('late'), 'Gina', 'Rusu', 'g@people.test', '+40722000444'), null, 'who comes within the minute has it');
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '09:30', null), ('request', '09:30', 1)$$, 'in a session of its own again');

-- Moving about: alone with the session, then into another.
insert into holds select 'mover', app_public.hold_slot(tests.id('pilates'), '2027-03-08 11:00+02');
select tests.act_as('the database');
select app_private.release_claims(array(select id from app_private.time_claims where kind = 'request' and released_at is null));
select tests.act_as('a visitor');
select is((app_public.move_hold(pg_temp.token('mover'), '2027-03-08 10:00+02')).starts_at, '2027-03-08 10:00+02', 'a seat moves');
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '10:00', null), ('hold', '10:00', 1)$$, 'and its session with it');
select tests.act_as('another visitor');
insert into holds select 'joins', app_public.hold_slot(tests.id('pilates'), '2027-03-08 11:00+02');
select tests.act_as('a visitor');
select is((app_public.move_hold(pg_temp.token('mover'), '2027-03-08 11:00+02')).starts_at, '2027-03-08 11:00+02', 'it joins another');
select results_eq('select kind, starts, seat from pg_temp.claims()', $$values ('session', '11:00', null), ('hold', '11:00', 1), ('hold', '11:00', 2)$$,
  'and leaves none behind');
select is(pg_temp.seats('pilates', pg_temp.token('mover')), '09:00 5, 10:00 5, 11:00 4', 'the own seat counts as free to its holder');
-- Who was booked together stays so, whatever the calendar says by now.
select tests.act_as('the database');
select tests.capacity('pilates', 1);
select isnt((app_private.require_bookable(tc, true)), null, 'a seat that is kept can be booked') from app_private.time_claims as tc where tc.seat = 2 and tc.released_at is null;
select tests.act_as('a third visitor');
select is(pg_temp.seats('pilates'), '09:00 -, 10:00 -', 'though nobody joins any more');

-- In a pool a group that has begun is filled first.
select tests.act_as('the database');
select app_private.release_claims(array(select id from app_private.time_claims where kind = 'hold' and released_at is null));
select tests.act_as('a visitor');
select is(pg_temp.seats('pool'), '09:00 3, 10:00 6, 11:00 3', 'two groups side by side');
insert into holds select 'of the pool', app_public.hold_slot(tests.id('pool'), '2027-03-08 10:00+02');
select tests.act_as('another visitor');
insert into holds select 'of the pool too', app_public.hold_slot(tests.id('pool'), '2027-03-08 10:00+02');
select is((select count(distinct (hold).specialist_id) from holds where name like 'of the pool%'), 1::bigint, 'both are with one specialist');
select is(pg_temp.seats('pool'), '09:00 3, 10:00 4, 11:00 3', 'one seat there, three with the other');
select * from finish();
rollback;
