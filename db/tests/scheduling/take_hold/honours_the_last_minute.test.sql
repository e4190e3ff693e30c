-- Test: take_hold - a hold that expired a moment ago is booked while its time is free, and never against somebody. SCH-06, APT-09.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan', weekly => '{"mon": [["09:00", "18:00"]]}');
select tests.calendar('mondays', '{stefan}', minutes => 60);
select tests.guard_claims();
create temporary table holds (name text, hold app_public.slot_hold);
grant all on holds to public;
create function pg_temp.token(name text) returns text language sql as 'select (hold).token from holds where holds.name = token.name';
create function pg_temp.ask(name text) returns text language sql as $$
  select (app_public.request_booking(pg_temp.token(name), 'G', 'M', 'g@people.test', '0722123456')).status
$$;
select tests.act_as('a visitor');
insert into holds
select name, app_public.hold_slot(tests.id('mondays'), '2027-03-08 09:00+02'::timestamptz + hour * interval '1 hour')
from unnest('{in time,tidied,taken,late,given back}'::text[]) with ordinality as n (name, hour);
select lives_ok($$select app_public.release_hold(pg_temp.token('given back'))$$, 'one is given back');

select tests.freeze_time('2027-03-01 08:10:59+02');
select is(pg_temp.ask('in time'), 'requested', 'a minute is granted');
select tests.act_as('the database');
select is(tests.events_of((select claim_id from app_public.booking_requests)), '{slot.held,slot.held}', 'it was listed as free, so whoever watches is told that it no longer is');
select tests.act_as('the worker');
select is(app_private.release_expired_claims(), 3, 'the worker has tidied the others');
select tests.act_as('another visitor');
select lives_ok($$select app_public.hold_slot(tests.id('mondays'), '2027-03-08 12:00+02')$$, 'and somebody took one');
select tests.act_as('ana');
select is((app_public.book_appointment(pg_temp.token('tidied'), tests.id('ana'))).status, 'booked', 'what nobody took is still booked');
select tests.act_as('the database');
select is(tests.events_of((select claim_id from app_public.appointments)), '{slot.held,slot.released,slot.held}', 'and whoever watches is told');
select throws_ok($$select tests.claim('stefan', '2027-03-08 11:30+02')$$, '23P01', null, 'it stands under the constraint');
select tests.act_as('a visitor');
select * from tests.refuses($$select pg_temp.ask('taken')$$, 'SLOT_TAKEN', 'slot_taken', 'what somebody took is taken');
select * from tests.refuses($$select pg_temp.ask('given back')$$, 'GONE', 'hold_expired', 'what was given back is over');
select * from tests.refuses($$select app_public.extend_hold(pg_temp.token('late'))$$, 'GONE', 'hold_expired', 'a time that is over is not extended');
select * from tests.refuses($$select app_public.release_hold(pg_temp.token('late'))$$, 'GONE', 'hold_expired', 'nor released');
select tests.freeze_time('2027-03-01 08:11+02');
select * from tests.refuses($$select pg_temp.ask('late')$$, 'GONE', 'hold_expired', 'after a minute it is over');

-- In the way of the constraint, though it blocks nobody any more.
select tests.act_as('another visitor');
insert into holds select 'short', app_public.hold_slot(tests.id('mondays'), '2027-03-08 15:00+02');
select tests.act_as('the database');
alter table app_private.time_claims disable trigger _000_guard;
update app_private.time_claims set released_at = expires_at where token_hash = sha256(convert_to(pg_temp.token('short'), 'UTF8'));
select tests.remember('in the way', tests.claim('stefan', '2027-03-08 15:30+02', kind => 'hold', calendar => 'mondays'));
update app_private.time_claims set expires_at = '2027-03-01 08:12+02' where id = tests.id('in the way');
alter table app_private.time_claims enable trigger _000_guard;
select tests.freeze_time('2027-03-01 08:21:30+02');
select tests.act_as('another visitor');
select is(pg_temp.ask('short'), 'requested', 'another expired hold in the way is released');
select * from finish();
rollback;
