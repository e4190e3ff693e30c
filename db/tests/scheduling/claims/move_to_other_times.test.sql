-- Test: move_claim - a request or an appointment goes to another time, specialist or calendar, and frees the old one. SCH-06, APT-02.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, buffer_after_minutes => 5);
select tests.calendar('long', specialists => '{ana,bogdan}', minutes => 90, strategy => 'specific');
select tests.guard_claims();

-- As the verbs of other areas do it: with the engine's rights, on behalf of the caller.
create function pg_temp.move(claim text, calendar text, at timestamptz, specialist text default null, override boolean default false)
returns app_private.time_claims language sql security definer as $$
  select app_private.move_claim(
    tests.id(claim), c, at, case when specialist is not null then tests.id(specialist) end, override)
  from app_public.calendars as c where c.id = tests.id(calendar)
$$;
grant execute on function pg_temp.move to public;
create function pg_temp.told() returns table (name text, starts_at text) language sql security definer as
  $$select e.name, e.payload ->> 'startsAt' from app_private.events as e where e.name like 'slot.%' order by e.id$$;
grant execute on function pg_temp.told to public;
create function pg_temp.book(name text, at timestamptz) returns uuid language plpgsql security definer as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.claim_slot(tests.id('visits'), at, null, 'appointment');
  perform tests.remember(name, v_claim.id);
  return v_claim.id;
end
$$;
grant execute on function pg_temp.book to public;

select tests.act_as('maria');
select isnt(pg_temp.book('first', '2027-03-08 09:00+02'), null, 'booked at nine');
select isnt(pg_temp.book('second', '2027-03-15 09:00+02'), null, 'and a week later');
select results_eq(
  $$select m.id, m.kind, m.during, m.blocked from pg_temp.move('first', 'visits', '2027-03-08 11:00+02') as m$$,
  $$values (tests.id('first'), 'appointment', tstzrange('2027-03-08 11:00+02', '2027-03-08 12:00+02'),
            tstzrange('2027-03-08 11:00+02', '2027-03-08 12:05+02'))$$,
  'the same claim is at eleven, with its cooldown');
select is(tests.day('visits', '2027-03-08'), '09:00', 'the old time is free');
select results_eq('select * from pg_temp.told()', $$values
  ('slot.released', '2027-03-08T07:00:00+00:00'), ('slot.held', '2027-03-08T09:00:00+00:00')$$, 'whoever watches is told of both');
select * from tests.refuses($$select pg_temp.move('first', 'visits', '2027-03-15 09:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'not to a time that somebody has');
select * from tests.refuses($$select pg_temp.move('first', 'visits', '2027-03-09 09:00+02')$$, 'VALIDATION', 'outside_hours', 'nor outside hours');
select is(tests.day('visits', '2027-03-08'), '09:00', 'and then it stays where it is');
select is((pg_temp.move('first', 'visits', '2027-03-08 11:10+02', override => true)).during,
  tstzrange('2027-03-08 11:10+02', '2027-03-08 12:10+02'), 'an override goes past the hours, and its own time is not in the way');
select * from tests.refuses($$select pg_temp.move('first', 'visits', '2027-03-15 09:30+02', override => true)$$, 'SLOT_TAKEN', 'slot_taken', 'but not over another claim');
select results_eq(
  $$select m.calendar_id, m.specialist_id, m.during from pg_temp.move('first', 'long', '2027-03-08 10:30+02', 'bogdan') as m$$,
  $$values (tests.id('long'), tests.id('bogdan'), tstzrange('2027-03-08 10:30+02', '2027-03-08 12:00+02'))$$,
  'another calendar, another specialist, another length');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00 11:00', 'the first specialist is free');
select is((pg_temp.move('first', 'long', '2027-03-08 10:30+02')).specialist_id is not null, true, 'to where it is already');

-- A cancelled appointment takes its time again, or another.
select tests.act_as('the database');
select app_private.release_claim(tests.id('second'));
select tests.act_as('maria');
select is((pg_temp.move('second', 'visits', '2027-03-15 09:00+02')).released_at, null, 'what was let go takes its time again');
select tests.act_as('the database');
select app_private.release_claim(tests.id('second'));
select tests.act_as('maria');
select isnt(pg_temp.book('third', '2027-03-15 09:00+02'), null, 'somebody else takes it');
select * from tests.refuses($$select pg_temp.move('second', 'visits', '2027-03-15 09:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'and keeps it');
select tests.act_as('the database');
select is((select released_at is not null from app_private.time_claims where id = tests.id('second')), true, 'it stays let go');
-- Who lost the specialist meanwhile is told so.
update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('bogdan');
select tests.act_as('maria');
select * from tests.refuses($$select pg_temp.move('first', 'long', '2027-03-08 10:30+02', 'bogdan')$$, 'VALIDATION', 'no_specialist', 'not to who was removed');
select * from finish();
rollback;
