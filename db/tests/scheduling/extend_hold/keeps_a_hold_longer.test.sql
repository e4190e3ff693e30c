-- Test: extend_hold, release_hold, take_hold - the holder extends within a bound and gives back; a dead token opens nothing. SCH-06.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);

create temp table tokens (name text, token text);
grant select, insert on tokens to public;
create function pg_temp.token(of_name text) returns text language sql as 'select token from tokens where name = of_name';
create function pg_temp.hold(name text, at timestamptz) returns void language sql as
  $$insert into tokens select name, h.token from app_public.hold_slot(tests.id('visits'), at) as h$$;
grant execute on all functions in schema pg_temp to public;

select tests.act_as('a visitor');
select pg_temp.hold('mine', '2027-03-08 09:00+02');
select is((app_public.extend_hold(pg_temp.token('mine'))).expires_at, '2027-03-01 08:10+02'::timestamptz, 'at once it changes nothing');
select tests.freeze_time('2027-03-01 08:04+02');
select results_eq(
  $$select h.token, h.calendar_id, h.specialist_id, h.starts_at, h.ends_at, h.expires_at
    from app_public.extend_hold(pg_temp.token('mine')) as h$$,
  $$values (pg_temp.token('mine'), tests.id('visits'), tests.id('ana'), '2027-03-08 09:00+02'::timestamptz,
            '2027-03-08 10:00+02'::timestamptz, '2027-03-01 08:14+02'::timestamptz)$$,
  'later it lasts the hold time from now');
select tests.freeze_time('2027-03-01 08:13+02');
select is((app_public.extend_hold(pg_temp.token('mine'))).expires_at, '2027-03-01 08:20+02'::timestamptz,
  'but never longer than twice the hold time from its making');
select tests.freeze_time('2027-03-01 08:19+02');
select is((app_public.extend_hold(pg_temp.token('mine'))).expires_at, '2027-03-01 08:20+02'::timestamptz, 'at that bound it stays');
select tests.act_as('another visitor');
select is((app_public.extend_hold(pg_temp.token('mine'))).expires_at, '2027-03-01 08:20+02'::timestamptz,
  'whoever has the token is the holder');
select throws_ok($$select app_private.take_hold(pg_temp.token('mine'))$$, '42501', null, 'the claim behind it is the engine''s');

select tests.freeze_time('2027-03-01 08:20+02');
select throws_ok($$select app_public.extend_hold(pg_temp.token('mine'))$$, 'RX410', 'hold_expired', 'an expired hold cannot be extended');
select throws_ok($$select app_public.release_hold(pg_temp.token('mine'))$$, 'RX410', 'hold_expired', 'nor given back');
select throws_ok($$select app_public.extend_hold('00000000000000000000000000000000')$$, 'RX404', 'hold_not_found',
  'a token that is none cannot be extended');
select throws_ok($$select app_public.release_hold('00000000000000000000000000000000')$$, 'RX404', 'hold_not_found', 'nor given back');
select throws_ok($$select app_public.extend_hold('')$$, 'RX404', 'hold_not_found', 'an empty one neither');
select throws_ok($$select app_public.extend_hold(null)$$, 'RX404', 'hold_not_found', 'nor none');

select pg_temp.hold('second', '2027-03-08 10:00+02');
select lives_ok($$select app_public.release_hold(pg_temp.token('second'))$$, 'a live hold is given back');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00 11:00', 'and is free at once');
select throws_ok($$select app_public.release_hold(pg_temp.token('second'))$$, 'RX410', 'hold_expired', 'once');
select throws_ok($$select app_public.extend_hold(pg_temp.token('second'))$$, 'RX410', 'hold_expired', 'and cannot be extended');

select pg_temp.hold('third', '2027-03-08 11:00+02');
select tests.act_as('the database');
select is((select array_agg(e.name order by e.id) from app_private.events as e where e.name like 'slot.%'),
  '{slot.held,slot.held,slot.released,slot.held}', 'each was published once');
select results_eq($$select kind, released_at from app_private.take_hold(pg_temp.token('third'))$$,
  $$values ('hold', null::timestamptz)$$, 'booking takes a live hold');
select throws_ok($$select app_private.take_hold(pg_temp.token('second'))$$, 'RX410', 'hold_expired', 'not one that was given back');
select throws_ok($$select app_private.take_hold(pg_temp.token('mine'))$$, 'RX410', 'hold_expired', 'not an expired one');
select throws_ok($$select app_private.take_hold('x')$$, 'RX404', 'hold_not_found', 'not one that never was');
select app_private.convert_claim((app_private.take_hold(pg_temp.token('third'))).id, 'request');
select throws_ok($$select app_private.take_hold(pg_temp.token('third'))$$, 'RX410', 'hold_expired', 'not one that was booked');
select throws_ok($$select app_public.release_hold(pg_temp.token('third'))$$, 'RX410', 'hold_expired', 'which its token no longer gives back');
select is((select count(*) from app_private.time_claims where kind = 'request' and released_at is null), 1::bigint, 'so the booking stands');
select is((select count(*) from app_private.time_claims where expires_at is null and kind = 'hold'), 0::bigint, 'and every hold expires');

-- Only who books needs somebody to come to.
select tests.act_as('another visitor');
select pg_temp.hold('fourth', '2027-03-08 10:00+02');
select tests.act_as('the database');
update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('ana');
select tests.act_as('another visitor');
select isnt(app_public.extend_hold(pg_temp.token('fourth')), null, 'a time with somebody who is gone is kept longer');
select lives_ok($$select app_public.release_hold(pg_temp.token('fourth'))$$, 'and given back');
select * from finish();
rollback;
