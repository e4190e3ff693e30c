-- Test: policies - hours are edited with schedules.manage, one's own with schedules.manage_own; calendars with calendars.manage. SCH-01, SCH-02, SCH-03.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.specialist('ion', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.staff('adela', 'admin');
select tests.patient('petru');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}', account => true);
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{bogdan}', minutes => 60);
select tests.calendar('internal', specialists => '{bogdan}', minutes => 60, is_public => false);
-- Building 'ana' with an account remembers the name for the specialist; the persona keeps the human.

create function pg_temp.add_hours(specialist text) returns bigint language sql as $$
  with added as (
    insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
    values (tests.id('atlas'), tests.id(specialist), 2, '09:00', '10:00') returning 1)
  select count(*) from added $$;
create function pg_temp.move_hours(specialist text) returns bigint language sql as $$
  with moved as (update app_public.specialist_weekly_hours set ends = '11:00' where specialist_id = tests.id(specialist) returning 1)
  select count(*) from moved $$;
create function pg_temp.close(specialist text) returns bigint language sql as $$
  with added as (
    insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on)
    values (tests.id('atlas'), tests.id(specialist), 'closed', '2027-03-08', '2027-03-12') returning 1)
  select count(*) from added $$;
grant execute on all functions in schema pg_temp to public;

select tests.act_as('ana');
select is(pg_temp.add_hours('ana'), 1::bigint, 'a specialist adds own hours');
select is(pg_temp.move_hours('ana'), 2::bigint, 'moves them');
select is(pg_temp.close('ana'), 1::bigint, 'and takes a vacation');
select throws_ok($$select pg_temp.add_hours('bogdan')$$, '42501', null, 'but adds none to a colleague');
select throws_ok($$select pg_temp.close('bogdan')$$, '42501', null, 'and sends none on vacation');
select is(pg_temp.move_hours('bogdan'), 0::bigint, 'nor moves a colleague''s hours');
select is((select count(*) from app_public.specialist_weekly_hours where specialist_id = tests.id('bogdan')), 1::bigint,
  'which are seen, unchanged');
select throws_ok($$update app_public.specialist_weekly_hours set specialist_id = tests.id('bogdan')$$, '42501', null,
  'hours cannot be handed over');
select throws_ok(
  $$insert into app_public.calendars (organization_id, service_id, name) values (tests.id('atlas'), tests.id('service of visits'), 'x')$$,
  '42501', null, 'nor does a specialist make calendars');

select tests.act_as('maria');
select is(pg_temp.add_hours('bogdan'), 1::bigint, 'the front desk adds hours for anybody');
select is(pg_temp.close('bogdan'), 1::bigint, 'and vacations');
select lives_ok($$delete from app_public.specialist_weekly_hours where specialist_id = tests.id('bogdan')$$, 'and removes them');

select tests.act_as('adela');
select lives_ok(
  $$insert into app_public.calendars (organization_id, service_id, name) values (tests.id('atlas'), tests.id('service of visits'), 'new')$$,
  'an administrator makes calendars');
select lives_ok(
  $$insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id, priority)
    select organization_id, id, tests.id('ana'), 2 from app_public.calendars where name = 'new'$$, 'says who is in them');
select lives_ok(
  $$insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
    select organization_id, id, tests.id('ana'), 3, '18:00', '20:00' from app_public.calendars where name = 'new'$$, 'and when');
select throws_ok(
  $$insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
    select organization_id, id, tests.id('bogdan'), 3, '18:00', '20:00' from app_public.calendars where name = 'new'$$,
  '23503', null, 'but not when somebody is in who is not');
select throws_ok($$delete from app_public.calendars$$, '42501', null, 'a calendar is switched off, not deleted');
select lives_ok($$update app_public.calendars set is_active = false where name = 'new'$$, 'like this');
select is((select count(*) from app_public.calendars), 3::bigint, 'staff see all of the clinic');

select tests.act_as('petru');
select results_eq($$select name from app_public.calendars$$, array['visits'], 'a patient sees what is public and active');
select is((select count(*) from app_public.calendar_specialists), 1::bigint, 'and who can be booked there, not in the others');
select is((select count(*) from app_public.specialist_weekly_hours), 0::bigint, 'but nobody''s hours');
select is((select count(*) from app_public.specialist_schedule_overrides), 0::bigint, 'nor vacations');

select tests.act_as('horia');
select throws_ok($$select pg_temp.add_hours('bogdan')$$, '42501', null, 'another clinic''s administrator adds no hours');
select is(pg_temp.move_hours('ana'), 0::bigint, 'moves none');
select is((select count(*) from app_public.calendars), 0::bigint, 'and sees no calendar');
select throws_ok($$select * from app_private.time_claims$$, '42501', null, 'claims are seen by nobody');
select * from finish();
rollback;
