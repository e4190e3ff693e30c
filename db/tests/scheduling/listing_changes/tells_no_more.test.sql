-- Test: listing_changes - whoever watches is told of what concerns the listing, lately, and of nothing else. SCH-07.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.specialist('bob', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('theirs', '{bob}');
select tests.clinic('atlas');
select tests.specialist(name, weekly => '{"mon": [["09:00", "14:00"]]}') from unnest('{ana,bogdan,carmen}'::text[]) as name;
select tests.calendar('mine', '{ana}', horizon_days => 200), tests.calendar('other', '{bogdan}'), tests.calendar('turns', '{ana,carmen}');
update app_public.calendar_specialists set duration_minutes = 30 where calendar_id = tests.id('turns') and specialist_id = tests.id('carmen');
create temporary table watched as select name, tests.id(name) as id from unnest('{mine,other,turns,theirs}'::text[]) as name;
create temporary table told (name text, change text);

/* What is new since the last time it was asked: calendar and days, the second word of a change left out. */
create function pg_temp.news() returns text[] language plpgsql as $$
declare
  v_news text[];
begin
  with fresh as (
    select w.name, l.change, l.days
    from app_hidden.listing_changes(array(select watched.id from watched), '30 seconds') as l
    join watched as w on w.id = l.calendar_id
    where l.change is not null and (w.name, l.change) not in (select told.name, told.change from told)
  ), kept as (
    insert into told select fresh.name, fresh.change from fresh
  )
  select array_agg(name || ' ' || split_part(change, ' ', 1) || coalesce(' ' || to_char(days[1], 'MM-DD')
    || case when cardinality(days) > 1 then '..' || to_char(days[cardinality(days)], 'MM-DD') else '' end, ' any') order by name, change)
  into v_news from fresh;
  return v_news;
end;
$$;
/* A claim whose id was made so long ago, as ids tell. */
create function pg_temp.old(id uuid, age interval) returns uuid language sql as $$
  update app_private.time_claims set id = (left(app_private.first_id_at(clock_timestamp() - age)::text, 24) || right(old.id::text, 12))::uuid where id = old.id
  returning id
$$;
create function pg_temp.expiring(specialist text, starts_at timestamptz, expires_at timestamptz) returns uuid language plpgsql as $$
declare
  v_id uuid := tests.claim(specialist, starts_at, kind => 'hold');
begin
  update app_private.time_claims set expires_at = expiring.expires_at where id = v_id;
  return pg_temp.old(v_id, '5 minutes');
end;
$$;
create function pg_temp.standing(name text) returns text language sql as $$
  select distinct l.standing from app_hidden.listing_changes(array[tests.id(standing.name)]) as l
$$;
create function pg_temp.tell(name text, calendar text, claim uuid) returns uuid language sql as $$
  select app_private.publish(tell.name, c.organization_id, tell.claim, jsonb_build_object(
    'calendarId', c.id, 'specialistId', tc.specialist_id, 'startsAt', lower(tc.during), 'endsAt', upper(tc.during)))
  from app_public.calendars as c join app_private.time_claims as tc on tc.id = tell.claim where c.id = tests.id(tell.calendar)
$$;
select tests.freeze_time('2027-03-01 08:10+02') from pg_temp.news();
select is(pg_temp.news(), null, 'where nothing happened nothing is told, and the day goes on');

-- Whose claims they are.
select tests.claim('bogdan', '2027-03-08 10:00+02');
select is(pg_temp.news(), '{other made 03-08}', 'a claim concerns the calendars of its specialist');
select tests.claim('bob', '2027-03-08 10:00+02');
select is(pg_temp.news(), '{theirs made 03-08}', 'of its clinic');
select tests.claim('bogdan', '2027-03-15 10:00+02', calendar => 'mine');
select is(pg_temp.news(), '{other made 03-15}', 'and not the calendar that it was made in, where its specialist is no more');
select tests.claim('bogdan', '2027-03-22 10:00+02', calendar => 'turns');
select is(pg_temp.news(), '{other made 03-22,turns made any}', 'but one of turns, which counts what was booked in it');
select tests.claim('ana', '2027-03-08 10:00+02');
select is(pg_temp.news(), '{mine made 03-08,turns made any}', 'where turns decide, any day may be another');

-- How far it reaches.
select tests.claim('bogdan', '2027-02-22 10:00+02');
select is(pg_temp.news(), null, 'days that are over are told to nobody');
select tests.claim('ana', '2027-02-22 10:00+02');
select is(pg_temp.news(), '{turns made any}', 'but to who counts turns');
select tests.claim('ana', '2027-04-01 02:00+03', minutes => 61 * 1440);
select is((select cardinality(days) from app_hidden.listing_changes(array[tests.id('mine')]) where days[1] = '2027-04-01'), 62, 'sixty-two days are named');
select tests.claim('ana', '2027-07-01 02:00+03', minutes => 62 * 1440);
select is(pg_temp.news(), '{mine made 04-01..06-01,mine made any,turns made any,turns made any}', 'of more than that, any');

-- Lately.
select pg_temp.old(tests.claim('bogdan', '2027-03-09 10:00+02'), '5 minutes');
select is(pg_temp.news(), null, 'a claim of five minutes ago was told before');
select pg_temp.expiring('bogdan', '2027-03-10 10:00+02', '2027-03-01 08:09:30+02');
select is(pg_temp.news(), null, 'a hold that expired half a minute ago was told');
select pg_temp.expiring('bogdan', '2027-03-10 12:00+02', '2027-03-01 08:09:31+02');
select is(pg_temp.news(), '{other expired 03-10}', 'one that did a second later is');
select pg_temp.expiring('bogdan', '2027-03-11 10:00+02', '2027-03-01 08:10+02');
select is(pg_temp.news(), '{other expired 03-11}', 'and one that does now');
select pg_temp.expiring('bogdan', '2027-03-11 12:00+02', '2027-03-01 08:10:01+02');
select is(pg_temp.news(), null, 'one that will, not yet');
with given_back as materialized (select pg_temp.expiring('bogdan', '2027-03-12 12:00+02', '2027-03-01 08:10+02') as id)
select tests.remember('given back', id) from given_back;
update app_private.time_claims set released_at = app_hidden.now() where id = tests.id('given back');
select is(pg_temp.news(), null, 'one that was given back did not expire');

-- What events say.
create temporary table claims as
select pg_temp.expiring('bogdan', '2027-03-16 06:00+02', '2027-03-01 09:00+02') as early,
  pg_temp.expiring('bogdan', '2027-03-17 10:00+02', '2027-03-01 09:00+02') as another;
update app_private.time_claims set blocked = tstzrange('2027-03-16 06:00+02', '2027-03-17 09:00+02') where id = (select early from claims);
select pg_temp.tell('slot.held', 'other', (select early from claims));
select is(pg_temp.news(), '{other event 03-16..03-17}', 'a hold that moved is told once, with its cooldown');
update app_private.time_claims set blocked = during where id = (select early from claims);
select pg_temp.tell('slot.held', 'other', (select early from claims));
select is(pg_temp.news(), '{other event 03-16}', 'as it has it');
select pg_temp.tell('slot.released', 'other', early) from claims;
update app_private.time_claims set during = tstzrange('2027-03-23 06:00+02', '2027-03-23 07:00+02'), blocked = tstzrange('2027-03-23 06:00+02', '2027-03-23 07:00+02') where id = (select early from claims);
select is(pg_temp.news(), '{other event 03-15..03-16}', 'of one that is elsewhere by now, with the longest that there is');
select app_private.publish('patient.onboarded', tests.id('atlas'), gen_random_uuid(), jsonb_build_object('patientId', gen_random_uuid(), 'patientProfileId', gen_random_uuid()));
select is(pg_temp.news(), null, 'events about nobody''s time say nothing');

insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select app_private.first_id_at(clock_timestamp() - interval '5 minutes'), tests.id('atlas'), name, version, subject_type, another,
  jsonb_build_object('calendarId', tests.id('other'), 'specialistId', tests.id('bogdan'), 'startsAt', app_hidden.now(), 'endsAt', app_hidden.now() + interval '1 hour'), app_hidden.now()
from claims, app_private.event_types where name = 'slot.held';
select is(pg_temp.news(), null, 'an event of five minutes ago was told before');
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('boreal'), name, version, subject_type, gen_random_uuid(), '{}', app_hidden.now() from app_private.event_types where name = 'appointment.done';
select is(pg_temp.news(), null, 'turns are counted by what happens in their clinic');
insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select coalesce(ids.id, uuidv7()), tests.id('atlas'), name, version, subject_type, gen_random_uuid(), '{}', app_hidden.now()
from app_private.event_types, (values (null), (app_private.first_id_at(clock_timestamp() - interval '6 minutes'))) as ids (id) where name = 'appointment.done';
select is(pg_temp.news(), '{turns event any}', 'and lately');

-- What is edited.
update app_public.organizations set name = 'Atlas Nou' where id = tests.id('atlas');
select is(pg_temp.news(), null, 'the name of a clinic changes no listing');
update app_public.calendars set notice_minutes = 5 where id = tests.id('theirs');
select is(pg_temp.news(), '{theirs entry any}', 'an edit concerns its clinic');
update app_public.organizations set activated_at = app_hidden.now() where id = tests.id('boreal');
select is(pg_temp.news(), '{theirs entry any}', 'and so does opening it');
delete from told where change like 'entry %';
select tests.freeze_time('2027-03-01 08:10:30+02');
select is(pg_temp.news(), '{other expired 03-11,theirs entry any,theirs entry any}', 'half a minute later it is still told');
delete from told where change like 'entry %';
select tests.freeze_time('2027-03-01 08:10:31+02');
select is(pg_temp.news(), null, 'then no more');

-- A day ends.
select tests.freeze_time('2027-03-02 00:00:29+02');
select is(pg_temp.news(), '{mine day 03-02..09-18,other day 03-02..05-01,theirs day 03-02..05-01,turns day 03-02..05-01}', 'a day that ended lately');
delete from told where change like 'day %';
select tests.freeze_time('2027-03-02 00:00:31+02');
select is(pg_temp.news(), null, 'then no more');

-- Who may list it.
select is(pg_temp.standing('mine'), 'public', 'whoever may list it: anybody');
update app_public.organizations set activated_at = null where id = tests.id('atlas');
select is(pg_temp.standing('mine'), 'staff', 'in a clinic that is not open: staff');
update app_public.services set deleted_at = now() where id = (select service_id from app_public.calendars where id = tests.id('mine'));
select is(pg_temp.standing('mine'), 'off', 'without its service: nobody');
update app_public.calendars set deleted_at = now() where id = tests.id('other');
select is(pg_temp.standing('other'), 'off', 'nor one that is gone');
update app_public.organizations set deleted_at = now() where id = tests.id('boreal');
select is(pg_temp.standing('theirs'), 'off', 'nor of a clinic that is gone');
select is((select count(*)::int from app_hidden.listing_changes(array[tests.id('turns')]) where calendar_id <> tests.id('turns')), 0, 'of a calendar that nobody asked about nothing is said');
select * from finish();
rollback;
