-- Test: listing_changes - whatever is done, the days on which a listing is another one are told to whoever watches it. SCH-07.
-- Each step compares the listings of all calendars before and after, day by day, with what was told of them.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.specialist('bob', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('theirs', '{bob}');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk'), tests.staff('olga', 'owner');
select tests.patient('pavel');
select tests.specialist(name, weekly => '{"mon": [["00:00", "02:00"], ["09:00", "14:00"]], "tue": [["09:00", "11:00"]], "sun": [["20:00", "24:00"]]}')
from unnest('{ana,bogdan,carmen,dan}'::text[]) as name;
select tests.calendar('alone', '{ana}', minutes => 60, buffer_before_minutes => 30);
select tests.calendar('pool', '{ana,bogdan}', minutes => 60);
select tests.calendar('choice', '{bogdan,carmen}', minutes => 60, strategy => 'specific');
select tests.calendar('lengths', '{ana,carmen}', minutes => 60);
update app_public.calendar_specialists set duration_minutes = 30
where calendar_id in (tests.id('choice'), tests.id('lengths')) and specialist_id = tests.id('carmen');
select tests.calendar('group', '{carmen}', minutes => 60);
select tests.capacity('group', 2);
select tests.calendar('far', '{bogdan}', minutes => 60, timezone => 'Pacific/Auckland');
update app_public.calendars set duration_minutes = null where id = tests.id('far');
select tests.calendar('with a room', '{dan}', minutes => 60), tests.calendar('with the same room', '{carmen}', minutes => 60);
select tests.resource('Cabinet 1', 'cabinet');
select tests.needs(name, 'cabinet') from unnest('{with a room,with the same room}'::text[]) as name;
create temporary table watched (name text primary key, id uuid);
insert into watched select name, tests.id(name)
from unnest('{alone,pool,choice,lengths,group,far,with a room,with the same room,theirs}'::text[]) as name;
create temporary table holds (name text, token text);
create temporary table told (name text, change text);
create temporary table steps (what text, changed text, told text, missed text);
grant all on watched, holds, told, steps to public;

create function pg_temp.listings() returns jsonb language plpgsql as $$
declare
  v_listings jsonb := '{}';
  v_calendar watched;
begin
  for v_calendar in select * from watched loop
    begin
      v_listings := v_listings || (
        select coalesce(jsonb_object_agg(name || ' ' || day, times), '{}')
        from (
          select v_calendar.name, left(s.local_start, 10) as day, jsonb_agg(to_jsonb(s) order by s.starts_at) as times
          from app_public.available_slots(v_calendar.id, '2027-03-02 00:00+02', '2027-05-03 00:00+03') as s
          group by 2) as days);
    exception when others then -- it is listed no more
    end;
  end loop;
  return v_listings;
end;
$$;
create function pg_temp.fresh() returns table (name text, change text, days date[]) language sql as $$
  select w.name, l.change, l.days
  from app_hidden.listing_changes(array(select watched.id from watched), interval '20 hours') as l
  join watched as w on w.id = l.calendar_id
  where l.change is not null and (w.name, l.change) not in (select told.name, told.change from told)
$$;
/* Runs a statement as somebody, and says which calendars it changed, which were told, and the days that were not. */
create function pg_temp.step(what text, who text, statement text) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_after jsonb;
begin
  perform tests.act_as('the database');
  v_before := pg_temp.listings();
  insert into told select fresh.name, fresh.change from pg_temp.fresh() as fresh;
  perform tests.act_as(who);
  execute statement;
  perform tests.act_as('the database');
  v_after := pg_temp.listings();
  with differing as (
    select left(key, -11) as name, right(key, 10)::date as day
    from (select jsonb_object_keys(v_before || v_after) as key) as keys
    where v_before -> key is distinct from v_after -> key
      -- What time has taken from a day that is over is told to nobody.
      and right(key, 10)::date >= (app_hidden.now() at time zone 'Europe/Bucharest')::date
  )
  insert into steps select what,
    (select string_agg(distinct name, ', ' order by name) from differing),
    (select string_agg(distinct fresh.name || coalesce(' ' || to_char(days[1], 'MM-DD')
              || case when cardinality(days) > 1 then '..' || to_char(days[cardinality(days)], 'MM-DD') else '' end, ' any'), ', ')
     from pg_temp.fresh() as fresh),
    (select string_agg(name || ' ' || day, ', ')
     from differing
     where not exists (select from pg_temp.fresh() as fresh
                       where fresh.name = differing.name and (fresh.days is null or differing.day = any (fresh.days)))
       and not exists (select from app_hidden.listing_changes(array[tests.id(differing.name)]) as l where l.standing = 'off'));
exception when others then
  perform tests.act_as('the database');
  insert into steps (what, missed) values (what, sqlerrm);
end;
$$;
create function pg_temp.hold(name text, calendar text, at timestamptz) returns void language sql as $$
  insert into holds select hold.name, (app_public.hold_slot(tests.id(calendar), at)).token
$$;
create function pg_temp.token(name text) returns text language sql as 'select token from holds where holds.name = token.name';

select pg_temp.step('hold', 'a visitor', $$select pg_temp.hold('first', 'alone', '2027-03-08 10:00+02')$$);
select pg_temp.step('hold through a pool', 'a visitor', $$select pg_temp.hold('pooled', 'pool', '2027-03-08 12:00+02')$$);
select pg_temp.step('hold at midnight', 'a visitor', $$select pg_temp.hold('late', 'alone', '2027-03-08 01:00+02')$$);
select pg_temp.step('move a hold', 'a visitor', $$select app_public.move_hold(pg_temp.token('first'), '2027-03-15 09:00+02')$$);
select pg_temp.step('release a hold', 'a visitor', $$select app_public.release_hold(pg_temp.token('late'))$$);
select pg_temp.step('hold a seat', 'another visitor', $$select pg_temp.hold('seat', 'group', '2027-03-08 09:00+02')$$);
select pg_temp.step('hold the last seat', 'a third visitor', $$select pg_temp.hold('last seat', 'group', '2027-03-08 09:00+02')$$);
select pg_temp.step('request', 'a visitor', $$select app_public.request_booking(pg_temp.token('first'), 'Gina', 'Rusu', 'g@people.test', '+40722000444')$$);
select pg_temp.step('extend a hold', 'another visitor', $$select tests.freeze_time('2027-03-01 08:05+02'), app_public.extend_hold(pg_temp.token('seat'))$$);
select pg_temp.step('holds expire', 'a visitor', $$select tests.freeze_time('2027-03-01 08:10:30+02')$$);
select pg_temp.step('an expired hold is booked', 'a visitor', $$select app_public.request_booking(pg_temp.token('pooled'), 'Gina', 'Rusu', 'g@people.test', '+40722000444')$$);
select pg_temp.step('the extended one expires', 'a visitor', $$select tests.freeze_time('2027-03-01 08:16+02')$$);
select pg_temp.step('the worker tidies', 'the worker', $$select app_private.release_expired_claims()$$);
select pg_temp.step('reject', 'maria', $$select app_public.reject_booking_request((select id from app_public.booking_requests where starts_at = '2027-03-15 09:00+02'), 'No')$$);
select pg_temp.step('book directly', 'maria', $$select app_public.book_directly(tests.id('with a room'), '2027-03-08 10:00+02', tests.id('pavel'))$$);
select pg_temp.step('reschedule', 'maria', $$select app_public.reschedule_appointment((select id from app_public.appointments where starts_at = '2027-03-08 10:00+02'), '2027-03-09 09:00+02')$$);
select pg_temp.step('cancel', 'maria', $$select app_public.cancel_appointment((select id from app_public.appointments where starts_at = '2027-03-09 09:00+02'), 'Ill')$$);
select pg_temp.step('reinstate', 'maria', $$select app_public.reinstate_appointment((select id from app_public.appointments where starts_at = '2027-03-09 09:00+02'), 'Well again')$$);
select pg_temp.step('a longer visit', 'maria', $$select app_public.add_to_appointment((select id from app_public.appointments where starts_at = '2027-03-09 09:00+02'), tests.id('service of with a room'), minutes => 30)$$);
select pg_temp.step('and a shorter one', 'maria', $$select app_public.remove_from_appointment((select id from app_public.appointment_add_ons))$$);
select pg_temp.step('book in a calendar of turns', 'maria', $$select app_public.book_directly(tests.id('lengths'), '2027-03-22 10:00+02', tests.id('pavel'))$$);
select pg_temp.step('hand over to a colleague', 'the database', $$select app_private.lock_specialist_days('{}'), app_private.reassign_specialist(tests.id('atlas'), tests.id('dan'), tests.id('bogdan'))$$);
select pg_temp.step('weekly hours', 'olga', $$select app_public.set_weekly_hours(tests.id('dan'), '{"(1,10:00,12:00)"}')$$);
select pg_temp.step('a vacation', 'olga', $$select app_public.close_schedule(tests.id('ana'), '2027-03-15', '2027-03-16')$$);
select pg_temp.step('other hours on a date', 'the database', $$select tests.override('ana', 'replace', '2027-03-22', starts => '15:00', ends => '17:00')$$);
select pg_temp.step('a vacation is over', 'the database', $$delete from app_public.specialist_schedule_overrides where kind = 'closed'$$);
select pg_temp.step('another zone', 'the database', $$select tests.zone('bogdan', 'Asia/Tokyo', '2027-03-20', '2027-03-30')$$);
select pg_temp.step('hours of a calendar', 'the database', $$select tests.calendar_hours('choice', '{"wed": [["08:00", "10:00"]]}')$$);
select pg_temp.step('length of a service', 'the database', $$update app_public.services set duration_minutes = 90 where id = (select service_id from app_public.calendars where id = tests.id('far'))$$);
select pg_temp.step('length of a calendar', 'the database', $$update app_public.calendars set duration_minutes = 45 where id = tests.id('alone')$$);
select pg_temp.step('somebody joins', 'the database', $$insert into app_public.service_specialists (organization_id, service_id, specialist_id) select organization_id, service_id, tests.id('dan') from app_public.calendars where id = tests.id('alone'); insert into app_public.calendar_specialists (calendar_id, specialist_id) values (tests.id('alone'), tests.id('dan'))$$);
select pg_temp.step('somebody goes', 'the database', $$delete from app_public.service_specialists where specialist_id = tests.id('dan') and service_id = (select service_id from app_public.calendars where id = tests.id('alone'))$$);
select pg_temp.step('somebody takes no bookings', 'the database', $$update app_public.specialists set scheduling_active = false where id = tests.id('carmen')$$);
select pg_temp.step('and takes them again', 'the database', $$update app_public.specialists set scheduling_active = true where id = tests.id('carmen')$$);
select pg_temp.step('a room is closed', 'the database', $$update app_public.resources set is_active = false$$);
select pg_temp.step('a room is not needed', 'the database', $$delete from app_public.calendar_resources$$);
select pg_temp.step('a day ends', 'a visitor', $$select tests.freeze_time('2027-03-03 00:10+02')$$);
select pg_temp.step('a longer notice', 'the database', $$update app_public.calendars set notice_minutes = 14 * 24 * 60 where id = tests.id('pool')$$);
select pg_temp.step('a nearer horizon', 'the database', $$update app_public.calendars set horizon_days = 20 where id = tests.id('pool')$$);
select pg_temp.step('a calendar is for staff', 'the database', $$update app_public.calendars set is_public = false where id = tests.id('pool')$$);
select pg_temp.step('a calendar is off', 'the database', $$update app_public.calendars set is_active = false where id = tests.id('alone')$$);
select pg_temp.step('a service is off', 'the database', $$update app_public.services set is_active = false where id = (select service_id from app_public.calendars where id = tests.id('far'))$$);
select pg_temp.step('a clinic is a draft again', 'the database', $$update app_public.organizations set activated_at = null where id = tests.id('atlas')$$);
select pg_temp.step('a clinic opens', 'the database', $$update app_public.organizations set activated_at = now() where id = tests.id('atlas')$$);

select is_empty('select what, missed from steps where missed is not null', 'no day is missed');
select is_empty($$select what from steps where changed is null and what not in ('request', 'extend a hold', 'the worker tidies')$$, 'each step but these changes a listing');
select is_empty($$select what, told from steps where told ~ 'theirs' and what <> 'a day ends'$$, 'nothing is told to who watches another clinic');
select results_eq($$select what, told from steps where what in ('hold', 'hold at midnight', 'hold a seat', 'request', 'extend a hold', 'reschedule') order by what$$,
  $$values ('extend a hold', null),
    ('hold', 'alone 03-08, lengths any, pool 03-08, with a room 03-08, with the same room 03-08'),
    ('hold a seat', 'choice 03-08, group 03-08, lengths any, with a room 03-08, with the same room 03-08'),
    ('hold at midnight', 'alone 03-07..03-08, lengths any, pool 03-07..03-08, with a room 03-07..03-08, with the same room 03-07..03-08'),
    ('request', 'lengths any'),
    ('reschedule', 'lengths any, with a room 03-08, with a room 03-09, with the same room 03-08, with the same room 03-09')$$,
  'and of claims the days that they touch, to their specialists'' calendars and those that need rooms');
select results_eq(
  $$select w.name, l.standing from app_hidden.listing_changes(array(select id from watched)) as l join watched as w on w.id = l.calendar_id group by 1, 2 order by 1$$,
  $$values ('alone', 'off'), ('choice', 'public'), ('far', 'off'), ('group', 'public'), ('lengths', 'public'), ('pool', 'staff'), ('theirs', 'public'),
           ('with a room', 'public'), ('with the same room', 'public')$$, 'who may list is told with it');
select results_eq(
  $$select distinct standing from app_hidden.listing_changes(array['00000000-0000-7000-8000-000000000000'::uuid])$$, $$values ('off')$$, 'nobody lists what is not there');
select is((select count(*) from app_hidden.listing_changes('{}')), 0::bigint, 'of no calendar nothing');
select tests.act_as('olga');
select throws_ok($$select app_hidden.listing_changes('{}')$$, '42501', null, 'nobody asks but the server');
select * from finish();
rollback;
