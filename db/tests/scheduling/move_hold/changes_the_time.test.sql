-- Test: hold_slot, move_hold, own_hold - the holder asks again and keeps the time longer, or changes it in one step. SCH-06, APT-05.
begin;
select plan(54);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]], "tue": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["11:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.calendar('half hours', specialists => '{ana}', minutes => 60, step_minutes => 30);
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
select tests.calendar('picked', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
update app_public.calendars set allows_any_specialist = false where id = tests.id('picked');
select tests.guard_claims();
create temporary table holds (name text, hold app_public.slot_hold);
grant all on holds to public;
create function pg_temp.token(name text) returns text language sql as
  'select (hold).token from holds where holds.name = token.name';

create function pg_temp.day(calendar text, token text) returns text language sql as $$
  select string_agg(substr(s.local_start, 12, 5), ' ' order by s.starts_at)
  from app_public.available_slots(tests.id(calendar), '2027-03-08 00:00+02', '2027-03-09 00:00+02', hold_token => token) as s
$$;

-- The own time, asked for again.
select tests.act_as('a visitor');
insert into holds select 'first', app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02');
select is((hold).expires_at, '2027-03-01 08:10+02', 'ten minutes') from holds;
select tests.freeze_time('2027-03-01 08:04+02');
insert into holds select 'again', app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02');
select is((hold).expires_at, '2027-03-01 08:14+02', 'asked again it is longer') from holds where name = 'again';
select tests.freeze_time('2027-03-01 08:13+02');
insert into holds select 'third', app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02');
select is((hold).expires_at, '2027-03-01 08:20+02', 'within its bound') from holds where name = 'third';
select tests.act_as('the database');
select is((select count(*) from app_private.time_claims), 1::bigint, 'one hold');
select is((select count(*) from app_private.events where name like 'slot.%'), 1::bigint, 'told once');
select is((select count(*) from app_private.time_claims where visitor_id is not null and calendar_id = tests.id('visits')
           and token_hash = sha256(convert_to(pg_temp.token('third'), 'UTF8'))
           and first_token_hash = sha256(convert_to(pg_temp.token('first'), 'UTF8'))), 1::bigint, 'digests of two tokens are kept');
select tests.act_as('a visitor');
select is((app_public.extend_hold(pg_temp.token('first'))).expires_at, '2027-03-01 08:20+02', 'the first token is good');
select is((app_public.extend_hold(pg_temp.token('third'))).expires_at, '2027-03-01 08:20+02', 'and the last');
select * from tests.refuses($$select app_public.extend_hold(pg_temp.token('again'))$$, 'NOT_FOUND', 'hold_not_found', 'not what came between');
select tests.act_as('another visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'to others it is taken');
select tests.override('ana', 'closed', '2027-03-08');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'VALIDATION', 'closed', 'the rules are asked again');
select tests.act_as('the database');
delete from app_public.specialist_schedule_overrides;

-- The listing, to the holder.
select tests.act_as('a visitor');
select is(tests.day('visits', '2027-03-08'), '10:00 11:00', 'the own time is not listed');
select is(pg_temp.day('visits', pg_temp.token('third')), '09:00 10:00 11:00', 'unless the token is shown');
select is(pg_temp.day('half hours', pg_temp.token('first')), '09:00 09:30 10:00 10:30 11:00', 'in every calendar');
select is(pg_temp.day('visits', 'nobody''s token'), '10:00 11:00', 'another token shows nothing');
select results_eq(
  $$select * from app_public.available_days(tests.id('visits'), '2027-03-08', '2027-03-09', hold_token => pg_temp.token('third'))$$,
  $$values (date '2027-03-08')$$, 'the days take it too');

-- Another time.
select is((app_public.move_hold(pg_temp.token('third'), '2027-03-08 11:00+02')).token, pg_temp.token('third'), 'it is changed under its token');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00', 'the old time is free, the new one is taken');
select tests.act_as('the database');
select results_eq(
  $$select name, payload ->> 'startsAt' from app_private.events where name like 'slot.%' order by id$$,
  $$values ('slot.held', '2027-03-08T07:00:00+00:00'), ('slot.released', '2027-03-08T07:00:00+00:00'), ('slot.held', '2027-03-08T09:00:00+00:00')$$,
  'whoever watches is told of both');
select is((select count(*) from app_private.time_claims), 1::bigint, 'it is the same claim');
select tests.act_as('another visitor');
select lives_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'somebody else takes the old one');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('third'), '2027-03-08 09:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'and it is not to be had again; the present one stays');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('third'), '2027-03-08 13:00+02')$$, 'VALIDATION', 'outside_hours', 'nor a time that is not listed');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('third'), null)$$, 'VALIDATION', 'start_invalid', 'nor none');
select * from tests.refuses($$select app_public.move_hold('nobody''s token', '2027-03-08 10:00+02')$$, 'NOT_FOUND', 'hold_not_found', 'nor with a token that is none');
select is((app_public.move_hold(pg_temp.token('third'), '2027-03-08 11:00+02')).expires_at, '2027-03-01 08:20+02', 'to where it is, it stays');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name like 'slot.%' and subject_id = (select id from app_private.time_claims where token_hash = sha256(convert_to(pg_temp.token('third'), 'UTF8')))), 3::bigint, 'and nobody is told');
select tests.act_as('a visitor');
select tests.freeze_time('2027-03-01 08:20+02');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('third'), '2027-03-08 10:00+02')$$, 'GONE', 'hold_expired', 'one that is over is not changed');

-- Asked for again when it is over, it is a new one, under a bound of its own.
select is((app_public.hold_slot(tests.id('visits'), '2027-03-08 11:00+02')).expires_at, '2027-03-01 08:30+02', 'what is over is held anew');
-- Another calendar or another specialist is another time.
select tests.act_as('a third visitor');
insert into holds select 'of ana', app_public.hold_slot(tests.id('picked'), '2027-03-08 10:00+02', tests.id('ana'));
select * from tests.refuses($$select app_public.hold_slot(tests.id('half hours'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'the own time in another calendar is taken');
select tests.act_as('the database');
select tests.hours('bogdan', '{"mon": [["09:00", "11:00"]]}');
select tests.act_as('a third visitor');
select is((app_public.hold_slot(tests.id('picked'), '2027-03-08 10:00+02', tests.id('bogdan'))).specialist_id, tests.id('bogdan'), 'at the same time with somebody else is another hold');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('of ana'), '2027-03-09 10:00+02')$$, 'VALIDATION', 'specialist_required', 'who has to name somebody names somebody to move to');
-- Of several that are alive the one is meant that is asked for: this visitor's, at this time, with this specialist.
select is((app_public.hold_slot(tests.id('picked'), '2027-03-08 10:00+02', tests.id('bogdan'))).specialist_id, tests.id('bogdan'), 'the own one with bogdan');
insert into holds select 'of ana again', app_public.hold_slot(tests.id('picked'), '2027-03-08 10:00+02', tests.id('ana'));
select is((hold).specialist_id, tests.id('ana'), 'the own one with ana') from holds where name = 'of ana again';
insert into holds select 'on Tuesday', app_public.hold_slot(tests.id('picked'), '2027-03-09 11:00+02', tests.id('ana'));
select is((app_public.hold_slot(tests.id('picked'), '2027-03-09 11:00+02', tests.id('ana'))).starts_at, '2027-03-09 11:00+02', 'the own one on Tuesday');
select app_public.release_hold(pg_temp.token('on Tuesday'));
select tests.act_as('another visitor');
insert into holds select 'left behind', app_public.hold_slot(tests.id('visits'), '2027-03-09 09:00+02');
select * from tests.refuses($$select app_public.move_hold(pg_temp.token('left behind'), '2027-03-09 10:00+02', tests.id('ana'))$$, 'VALIDATION', 'specialist_is_assigned', 'where the clinic assigns nobody is named');
select tests.freeze_time('2027-03-01 08:31+02');
select tests.act_as('a fourth visitor');
insert into holds select 'live', app_public.hold_slot(tests.id('visits'), '2027-03-09 11:00+02');
select is((app_public.move_hold(pg_temp.token('live'), '2027-03-09 09:00+02')).starts_at, '2027-03-09 09:00+02', 'what somebody let expire is not in the way');
select is((select count(*) from app_public.available_slots(tests.id('visits'), '2027-03-09 09:00+02', '2027-03-09 10:00+02')), 0::bigint, 'and is taken now');
select app_public.release_hold(pg_temp.token('live'));
-- What was asked for is no hold any more.
insert into holds select 'asked', app_public.hold_slot(tests.id('visits'), '2027-03-09 10:00+02');
select isnt(app_public.request_booking(pg_temp.token('asked'), 'G', 'M', 'g@people.test', '0722123456'), null, 'a hold is booked');
select is(
  (select string_agg(substr(s.local_start, 12, 5), ' ' order by s.starts_at)
   from app_public.available_slots(tests.id('visits'), '2027-03-09 00:00+02', '2027-03-10 00:00+02', hold_token => pg_temp.token('asked')) as s),
  '09:00 11:00', 'and then its token does not show it as free');
-- Whoever does not say who they are is nobody in particular.
select tests.become('app_anonymous');
select set_config('app.ip', '', true);
select isnt(app_public.hold_slot(tests.id('visits'), '2027-03-09 11:00+02'), null, 'somebody unknown holds a time');
select * from tests.refuses($$select app_public.hold_slot(tests.id('visits'), '2027-03-09 11:00+02')$$, 'SLOT_TAKEN', 'slot_taken', 'which to somebody else unknown is taken');
select * from finish();
rollback;
