-- Test: available_slots, timetables - the duration is the specialist's in the calendar, else the calendar's, else the service's. SCH-02, SCH-03.
begin;
select plan(5);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.service('massage', minutes => 30, specialists => '{ana,bogdan}');
select tests.calendar('visits', specialists => '{ana}', service => 'massage', strategy => 'specific', minutes => null);

select is(tests.day('visits', '2027-03-08'), '09:00 09:30 10:00 10:30', 'the service''s');
update app_public.calendars set duration_minutes = 40 where id = tests.id('visits');
select is(tests.day('visits', '2027-03-08'), '09:00 09:40 10:20', 'the calendar''s');
update app_public.calendar_specialists set duration_minutes = 60 where calendar_id = tests.id('visits');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00', 'the specialist''s, which is the step as well');

insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
values (tests.id('atlas'), tests.id('visits'), tests.id('bogdan'));
select results_eq(
  $$select to_char(starts_at at time zone 'Europe/Bucharest', 'HH24:MI'), to_char(ends_at - starts_at, 'HH24:MI'), specialist_ids, specialist_ends_at
    from app_public.available_slots(tests.id('visits'), '2027-03-08 00:00+02', '2027-03-09 00:00+02')$$,
  $$values
      ('09:00', '01:00', array[tests.id('ana'), tests.id('bogdan')], array['2027-03-08 10:00+02', '2027-03-08 09:40+02']::timestamptz[]),
      ('09:40', '00:40', array[tests.id('bogdan')], array['2027-03-08 10:20+02']::timestamptz[]),
      ('10:00', '01:00', array[tests.id('ana')], array['2027-03-08 11:00+02']::timestamptz[]),
      ('10:20', '00:40', array[tests.id('bogdan')], array['2027-03-08 11:00+02']::timestamptz[])$$,
  'one row a start, and how long with whom');
update app_public.calendars set step_minutes = 30 where id = tests.id('visits');
select is(tests.day('visits', '2027-03-08', 'ana'), '09:00 09:30 10:00', 'the calendar''s step counts for everybody');
select * from finish();
rollback;
