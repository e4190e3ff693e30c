-- Test: request_booking, book_appointment, confirm_booking_request, require_bookable, switched_off - what was closed, switched off or passed since the hold refuses and names the rule; staff set it aside with a reason. SCH-06, APT-01, APT-09.
begin;
select plan(91);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana', email => 'ana@people.test');
select tests.specialist('stefan', weekly => '{"tue": [["09:00", "18:00"]]}');
-- Who and what stands beside it decides nothing.
select tests.specialist('mihai', weekly => '{}');
select tests.calendar('before', '{stefan,mihai}');
select tests.calendar('tuesdays', '{stefan,mihai}', minutes => 60, notice_minutes => 60);
select tests.calendar('behind', '{stefan,mihai}');
select tests.guard_claims();
create temporary table holds (name text, hold app_public.slot_hold);
grant all on holds to public;
create function pg_temp.token(name text) returns text language sql as 'select (hold).token from holds where holds.name = token.name';
create function pg_temp.ask(name text) returns text language sql as $$
  select (app_public.request_booking(pg_temp.token(name), 'Gabriela', 'Munteanu', 'g@people.test', '0722123456')).status
$$;
create function pg_temp.book(name text, reason text default null) returns text language sql as $$
  select (app_public.book_appointment(pg_temp.token(name), tests.id('ana'), reason)).status
$$;
create function pg_temp.confirm(reason text default null) returns app_public.appointments language sql as $$
  select app_public.confirm_booking_request(tests.id('asked'), as_new_patient => true, override_reason => reason)
$$;
create function pg_temp.become(sql text) returns void language plpgsql security definer as $$begin execute sql; end$$;
grant execute on all functions in schema pg_temp to public;

select tests.act_as('a visitor');
insert into holds select 'visitor''s', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 10:00+02');
select tests.act_as('ana');
insert into holds select 'ana''s', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 11:00+02');
select tests.act_as('the database');
select tests.remember('asked', tests.booking_request('asked', 'tuesdays', 'stefan', '2027-03-02 12:00+02'));

-- What happens, what it is called, and how it is undone.
create temporary table events (place int, code text, rule text, what text, undone text, public_only boolean);
insert into events values
  (1, 'VALIDATION', 'closed', $$select tests.override('stefan', 'closed', '2027-03-02')$$, 'delete from app_public.specialist_schedule_overrides', false),
  (2, 'VALIDATION', 'outside_hours', $$update app_public.specialist_weekly_hours set weekday = 3$$, 'update app_public.specialist_weekly_hours set weekday = 2', false),
  (3, 'VALIDATION', 'off_the_grid', $$update app_public.specialist_weekly_hours set starts = '09:10'$$, $$update app_public.specialist_weekly_hours set starts = '09:00'$$, false),
  (4, 'VALIDATION', 'inside_notice', 'update app_public.calendars set notice_minutes = 3000', 'update app_public.calendars set notice_minutes = 60', false),
  (5, 'GONE', 'calendar_inactive', $$update app_public.calendars set is_active = false where id = tests.id('tuesdays')$$, 'update app_public.calendars set is_active = true', false),
  (6, 'GONE', 'service_inactive', $$update app_public.services set is_active = false where id = tests.id('service of tuesdays')$$, 'update app_public.services set is_active = true', false),
  (7, 'GONE', 'specialist_inactive', $$update app_public.specialists set scheduling_active = false where id = tests.id('stefan')$$, 'update app_public.specialists set scheduling_active = true', false),
  (8, 'GONE', 'not_providing_service', $$create temporary table offers as select * from app_public.service_specialists where service_id = tests.id('service of tuesdays') and specialist_id = tests.id('stefan');
     delete from app_public.service_specialists where service_id = tests.id('service of tuesdays') and specialist_id = tests.id('stefan')$$,
   'insert into app_public.service_specialists select * from offers', false),
  (9, 'GONE', 'not_in_calendar', $$create temporary table members as select * from app_public.calendar_specialists where calendar_id = tests.id('tuesdays') and specialist_id = tests.id('stefan');
     delete from app_public.calendar_specialists where calendar_id = tests.id('tuesdays') and specialist_id = tests.id('stefan')$$,
   'insert into app_public.calendar_specialists select * from members', false),
  (10, 'GONE', 'calendar_private', $$update app_public.calendars set is_public = false where id = tests.id('tuesdays')$$, 'update app_public.calendars set is_public = true', true),
  (11, 'GONE', 'clinic_draft', 'update app_public.organizations set activated_at = null', 'update app_public.organizations set activated_at = app_hidden.now()', true);

create function pg_temp.walk(event events) returns setof text language plpgsql as $$
begin
  perform tests.act_as('the database');
  execute event.what;
  perform tests.act_as('a visitor');
  return query select * from tests.refuses($q$select pg_temp.ask('visitor''s')$q$, event.code, event.rule, 'a visitor asks: ' || event.rule);
  perform tests.act_as('ana');
  return query select * from tests.refuses($q$select pg_temp.book('ana''s')$q$, event.code, event.rule, 'a patient books: ' || event.rule);
  perform tests.act_as('flavia');
  return query select * from tests.refuses('select pg_temp.confirm()', event.code, event.rule, 'front desk confirms: ' || event.rule);
  perform tests.act_as('the database');
  execute event.undone;
end;
$$;
select walk.said from events cross join lateral pg_temp.walk(events) as walk (said) order by events.place;

-- Verbs remove nothing that people count on; should it be removed all the same, it is not there.
create temporary table removals (rule text, removed text, name text);
insert into removals values ('calendar_inactive', 'calendars', 'tuesdays'), ('service_inactive', 'services', 'service of tuesdays'), ('specialist_inactive', 'specialists', 'stefan');
create function pg_temp.without(removal removals) returns setof text language plpgsql as $$
begin
  perform tests.act_as('the database');
  execute format('update app_public.%I set deleted_at = now() where id = tests.id(%L)', removal.removed, removal.name);
  perform tests.act_as('flavia');
  return next throws_ok('select pg_temp.confirm()', 'RX410', removal.rule, 'front desk confirms without ' || removal.name);
  perform tests.act_as('the database');
  execute format('update app_public.%I set deleted_at = null', removal.removed);
end;
$$;
select without.said from removals cross join lateral pg_temp.without(removals) as without (said);

-- The notice of the moment when it was asked for is kept: a form takes its time.
update app_public.calendars set notice_minutes = 60;
select tests.act_as('another visitor');
select tests.freeze_time('2027-03-02 08:00+02');
insert into holds select 'soon', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 09:00+02');
select tests.freeze_time('2027-03-02 08:09+02');
select is(pg_temp.ask('soon'), 'requested', 'who fills the form for nine minutes is not too late by them');

-- Front desk decides otherwise.
select tests.override('stefan', 'closed', '2027-03-02');
select tests.freeze_time('2027-03-01 08:05+02');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.book('ana''s', 'I want it')$$, 'NOT_FOUND', 'not_found', 'a patient sets nothing aside');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.confirm(' ')$$, 'VALIDATION', 'reason_missing', 'a blank is no reason');
select is((pg_temp.confirm('Comes in for her')).status, 'booked', 'with a reason the request is confirmed');
select is(pg_temp.book('ana''s', 'Comes in for her'), 'booked', 'and the kept time booked');
select results_eq(
  $$select reason, overridden_rules, moved_by is not null from app_public.appointment_moves order by moved_at, id$$,
  $$values ('Comes in for her', array['closed'], true), ('Comes in for her', array['closed'], true)$$, 'the moves say so');
select tests.act_as('the database');
select is((select count(*) from audit.entries where table_name = 'app_public.appointments' and new ->> 'override_reason' = 'Comes in for her'), 2::bigint, 'the audit too');
select results_eq(
  'select kind, released_at from app_private.time_claims where id in (select claim_id from app_public.appointments)',
  $$values ('appointment', null::timestamptz), ('appointment', null)$$, 'under the constraint');

delete from app_public.specialist_schedule_overrides;
select tests.act_as('flavia');
insert into holds select 'in time', app_public.hold_slot(tests.id('tuesdays'), '2027-03-09 11:00+02');
select tests.booking_request('asked in time', 'tuesdays', 'stefan', '2027-03-09 12:00+02');
select is((app_public.book_appointment(pg_temp.token('in time'), tests.id('ana'), 'To be sure')).override_reason, null, 'a reason that was not needed is not kept');
select is((app_public.confirm_booking_request(tests.id('asked in time'), tests.id('ana'), override_reason => 'To be sure')).override_reason, null, 'nor with a request');

-- What the public cannot see yet, or any more, staff book all the same.
select pg_temp.become('update app_public.organizations set activated_at = null');
insert into holds select 'in a draft', app_public.hold_slot(tests.id('tuesdays'), '2027-03-09 13:00+02');
select is(pg_temp.book('in a draft'), 'booked', 'staff of a draft clinic book');
select pg_temp.become('update app_public.organizations set activated_at = app_hidden.now()');
select pg_temp.become($$update app_public.calendars set is_public = false where id = tests.id('tuesdays')$$);
insert into holds select 'in private', app_public.hold_slot(tests.id('tuesdays'), '2027-03-09 14:00+02');
select is(pg_temp.book('in private'), 'booked', 'and in a calendar of their own');
select pg_temp.become('update app_public.calendars set is_public = true');
select tests.act_as('the database');

-- A start that has passed.
select tests.freeze_time('2027-03-02 13:55+02');
update app_public.calendars set notice_minutes = 0;
select tests.act_as('ana');
insert into holds select 'passing', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 14:00+02');
select tests.freeze_time('2027-03-02 14:01+02');
select * from tests.refuses($$select pg_temp.book('passing')$$, 'VALIDATION', 'in_the_past', 'is not booked any more');

-- A walk-in is written down within the hour.
select tests.act_as('the database');
update app_public.organizations set hold_minutes = 60;
select tests.freeze_time('2027-03-02 14:55+02');
select tests.act_as('flavia');
insert into holds select 'walk-in', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 15:00+02');
insert into holds select 'walk-in by telephone', app_public.hold_slot(tests.id('tuesdays'), '2027-03-02 16:00+02');
select tests.freeze_time('2027-03-02 15:50+02');
select app_public.extend_hold(pg_temp.token('walk-in')), app_public.extend_hold(pg_temp.token('walk-in by telephone'));
select tests.freeze_time('2027-03-02 16:00:00.000001+02');
select * from tests.refuses($$select pg_temp.book('walk-in', 'Forgotten')$$, 'VALIDATION', 'in_the_past', 'an hour after its start nobody sets the past aside');
select pg_temp.become($$update app_public.specialists set scheduling_active = false where id = tests.id('stefan')$$);
select * from tests.refuses($$select pg_temp.book('walk-in', 'Forgotten')$$, 'VALIDATION', 'in_the_past', 'and that is what is told, whatever else could be');
select is(pg_temp.book('walk-in by telephone', 'Came in'), 'booked', 'what else could be is set aside');
select pg_temp.become($$update app_public.specialists set scheduling_active = true where id = tests.id('stefan')$$);
select tests.freeze_time('2027-03-02 16:00+02');
select is(pg_temp.book('walk-in', 'Came in'), 'booked', 'until the hour is over');
select * from finish();
rollback;
