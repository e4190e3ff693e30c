-- Test: offer_next_time - a free time goes to whoever waits longest and wished for it, as a hold; one offer a person, three a calendar, within the clinic's hours. SCH-10.
begin;
select plan(38);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
select tests.specialist('mihai', '{"tue": [["09:00", "10:00"]]}');
select tests.patient('ana');
select tests.calendar('mondays', '{stefan}', notice_minutes => 60);
select tests.calendar('both', '{stefan,mihai}', strategy => 'specific');
create function pg_temp.waits(name text, calendar text default 'mondays', starts_on date default '2027-03-08', ends_on date default '2027-03-08', earliest time default null, latest time default null, patient text default null, weekdays int[] default null, specialist text default null, email text default null)
returns void language plpgsql as $$
begin
  insert into app_public.waitlist_entries (organization_id, calendar_id, starts_on, ends_on, earliest, latest, weekdays, patient_profile_id, specialist_id, given_name, family_name, email, phone, locale, token_hash, created_at)
  select tests.id('atlas'), tests.id(calendar), waits.starts_on, waits.ends_on, coalesce(waits.earliest, '00:00'), coalesce(waits.latest, '24:00'), coalesce(waits.weekdays, '{1,2,3,4,5,6,7}'),
    case when patient is not null then tests.id(patient) end, case when specialist is not null then tests.id(specialist) end,
    case when patient is null then 'G' end, case when patient is null then 'F' end,
    case when patient is null then coalesce(waits.email, replace(name, ' ', '.') || '@people.test') end, case when patient is null then '+40722111222' end, 'ro', sha256(name::bytea),
    '2027-02-01'::timestamptz + interval '1 minute' * (select count(*) from app_public.waitlist_entries);
  perform tests.remember(name, (select id from app_public.waitlist_entries where token_hash = sha256(name::bytea)));
end $$;
-- What is offered next: to whom, when.
create function pg_temp.next() returns text language plpgsql as $$
declare v_id uuid := app_private.offer_next_time(tests.id('atlas'));
begin
  return (select coalesce(e.email, 'a patient') || ' ' || to_char(o.starts_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI')
          from app_public.waitlist_offers o join app_public.waitlist_entries e on e.id = o.waitlist_entry_id where o.id = v_id);
end $$;
create function pg_temp.told(name text) returns text[] language sql as $$
  select app_private.consume_notifications(id) from app_private.events where name = 'waitlist_entry.offered';
  select array_agg(m.channel order by m.channel) from app_public.messages m where m.template_key = 'waitlist_offer' and m.data ->> 'waitlistOfferId' = (select id::text from app_public.waitlist_offers where waitlist_entry_id = tests.id(told.name) and outcome is null) $$;

select is(app_private.offer_next_time(tests.id('atlas')), null, 'nobody waits');
select pg_temp.waits('afternoon', earliest => '12:30');
select pg_temp.waits('other day', starts_on => '2027-03-09', ends_on => '2027-03-14');
select pg_temp.waits('thursdays', starts_on => '2027-03-01', ends_on => '2027-03-31', weekdays => '{4}');
select is(pg_temp.next(), null, 'nothing suits those who wait');
select pg_temp.waits('first', latest => '11:00', earliest => '10:00');
select pg_temp.waits('patient', patient => 'ana');
select is(pg_temp.next(), 'first@people.test 03-08 10:00', 'the first whom a time suits, and the earliest that does');
select is((select (kind, expires_at, visitor_id, released_at is null)::text from app_private.time_claims where id = (select claim_id from app_public.waitlist_offers)),
  row('hold', '2027-03-01 12:00+02'::timestamptz, 'waitlist:' || tests.id('first'), true)::text, 'kept as a hold, for two hours');
select is(tests.day('mondays', '2027-03-08'), '09:00 11:00 12:00', 'so nobody else is shown it');
select is((select status from app_public.waitlist_entries where id = tests.id('first')), 'offered', 'the entry says so');
select is(tests.events_of(tests.id('first')), '{waitlist_entry.offered}', 'an event, too');
select is(pg_temp.told('first'), '{email,sms}', 'a guest is told by mail and SMS');
select is(pg_temp.next(), 'a patient 03-08 09:00', 'the next in line is offered another');
select is(pg_temp.told('patient'), '{email,in_app,sms}', 'a patient with an account by mail, SMS and inbox');
select is(pg_temp.next(), null, 'and nobody two at once');

-- Of one address, of one patient, one at a time; whoever it is in whatever calendar.
select pg_temp.waits('twin', email => 'first@people.test');
select pg_temp.waits('patient twin', calendar => 'both', patient => 'ana');
select is(pg_temp.next(), null, 'one address, one offer');
select tests.resource('laser', 'laser');

-- Three of a calendar at once.
select pg_temp.waits('third'), pg_temp.waits('fourth');
select is(pg_temp.next(), 'third@people.test 03-08 11:00', 'a third time of the calendar');
select is(pg_temp.next(), null, 'and no fourth: times are everybody''s');
select is(tests.day('mondays', '2027-03-08'), '12:00', 'what is left, is listed');

-- Another calendar, with the specialist whom they want.
select pg_temp.waits('with mihai', calendar => 'both', specialist => 'mihai', starts_on => '2027-03-08', ends_on => '2027-03-09');
select is(pg_temp.next(), 'with.mihai@people.test 03-09 09:00', 'with whom they want, in another calendar');

-- Outside the hours, and near the start.
update app_public.waitlist_offers set outcome = 'declined', ended_at = now();
update app_public.waitlist_entries set status = 'waiting' where status = 'offered';
update app_public.waitlist_entries set status = 'left', ended_at = now() where id <> tests.id('fourth') and status = 'waiting';
update app_public.waitlist_entries set latest = '09:00' where id = tests.id('fourth');
select set_config('tests.now', '2027-03-01 20:00+02', true);
select is(pg_temp.next(), null, 'in the evening nobody is woken');
select set_config('tests.now', '2027-03-01 19:30+02', true);
select is(pg_temp.next(), 'fourth@people.test 03-08 09:00', 'before it');
select is((select expires_at from app_public.waitlist_offers where outcome is null), '2027-03-02 09:30+02'::timestamptz, 'the night does not count');
update app_public.waitlist_offers set outcome = 'declined', ended_at = now() where outcome is null;
update app_public.waitlist_entries set status = 'waiting' where status = 'offered';
select is(pg_temp.next(), null, 'the same time is not offered twice');

select set_config('tests.now', '2027-03-08 09:30+02', true);
select pg_temp.waits('late', earliest => '11:00');
update app_private.time_claims set released_at = '2027-03-01' where kind = 'hold';
select is(pg_temp.next(), 'late@people.test 03-08 11:00', 'on the day itself');
select is((select expires_at from app_public.waitlist_offers where outcome is null), '2027-03-08 10:00+02'::timestamptz, 'until the notice of the start');
select set_config('tests.now', '2027-03-08 10:50+02', true);
select pg_temp.waits('too late', earliest => '12:00');
select is(pg_temp.next(), null, 'and none that leaves less than a quarter of an hour to answer');
select set_config('tests.now', '2027-03-09 10:00+02', true);
select is(pg_temp.next(), null, 'after a standstill nothing that has passed is offered');

-- Who may not be booked is passed over.
select set_config('tests.now', '2027-03-02 10:00+02', true);
select tests.staff('olga', 'owner');
select pg_temp.waits('blocked', starts_on => '2027-03-15', ends_on => '2027-03-15', patient => 'ana');
update app_public.waitlist_entries set status = 'left', ended_at = now() where status in ('waiting', 'offered') and id <> tests.id('blocked');
insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by, created_at)
values (tests.id('atlas'), tests.id('ana'), 'Never comes', (select principal_id from tests.personas where name = 'olga'), '2027-03-01');
select is(pg_temp.next(), null, 'who may not book is offered nothing');
update app_public.booking_blocks set until = '2027-03-02 09:00+02';
update app_public.patients set deleted_at = now();
select is(pg_temp.next(), null, 'nor who is no patient any more');
update app_public.patients set deleted_at = null;
update app_public.calendars set is_active = false where id = tests.id('mondays');
select is(pg_temp.next(), null, 'nor anybody of a calendar that is switched off');
update app_public.calendars set is_active = true where id = tests.id('mondays');
update app_public.services set is_active = false;
select is(pg_temp.next(), null, 'or whose service is');
update app_public.services set is_active = true;
select is(pg_temp.next(), 'a patient 03-15 09:00', 'until all of that is over');

-- What three people did not want is offered to no fourth.
update app_public.waitlist_offers set outcome = 'expired', ended_at = now() where outcome is null;
update app_public.waitlist_entries set status = 'left', ended_at = now() where status in ('waiting', 'offered');
update app_private.time_claims set released_at = app_hidden.now() where kind = 'hold' and released_at is null;
select pg_temp.waits('a', starts_on => '2027-03-22', ends_on => '2027-03-22', latest => '09:00'), pg_temp.waits('b', starts_on => '2027-03-22', ends_on => '2027-03-22', latest => '09:00'),
  pg_temp.waits('c', starts_on => '2027-03-22', ends_on => '2027-03-22', latest => '09:00'), pg_temp.waits('d', starts_on => '2027-03-22', ends_on => '2027-03-22', latest => '09:00');
create function pg_temp.declines() returns void language sql as $$
  update app_private.time_claims set released_at = app_hidden.now() where id in (select claim_id from app_public.waitlist_offers where outcome is null);
  select app_private.settle_waitlist(tests.id('atlas')); $$;
select is(pg_temp.next(), 'a@people.test 03-22 09:00', 'the first'), pg_temp.declines();
select is(pg_temp.next(), 'b@people.test 03-22 09:00', 'then the next'), pg_temp.declines();
select is(pg_temp.next(), 'c@people.test 03-22 09:00', 'and the third'), pg_temp.declines();
select is(pg_temp.next(), null, 'then it is everybody''s again');
select is(tests.day('mondays', '2027-03-22'), '09:00 10:00 11:00 12:00', 'and listed');

-- Rooms are needed, too; and seats of a group.
select tests.needs('both', 'laser', 'laser');
select pg_temp.waits('needs', calendar => 'both', starts_on => '2027-03-29', ends_on => '2027-03-29', latest => '09:00', specialist => 'stefan');
select is(pg_temp.next(), 'needs@people.test 03-29 09:00', 'a time with its room');
select is((select count(*)::int from app_private.resource_claims), 1, 'which is kept as well');
select tests.capacity('mondays', 2);
select is(pg_temp.next(), 'd@people.test 03-22 09:00', 'and a seat of a group');
select is((select (tc.kind, tc.seat, tc.session_id is not null)::text from app_private.time_claims tc join app_public.waitlist_offers o on o.claim_id = tc.id where o.waitlist_entry_id = tests.id('d')), row('hold', 1, true)::text, 'which is one');
select * from finish();
rollback;
