-- Test: available_slots, timetables - a calendar's own hours replace the weekly ones, a specialist's own hours there replace both. SCH-02, SCH-03.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]], "tue": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["14:00", "16:00"]]}');
select tests.calendar('visits', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
select tests.calendar('evenings', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
select tests.calendar_hours('evenings', '{"mon": [["18:00", "20:00"]]}');

select is(tests.day('evenings', '2027-03-08', 'ana'), '18:00 19:00', 'the calendar''s hours count');
select is(tests.day('evenings', '2027-03-08', 'bogdan'), '18:00 19:00', 'for everybody in it');
select is(tests.day('evenings', '2027-03-09'), '', 'a weekday without a row has none');
select is(tests.day('visits', '2027-03-08', 'ana'), '09:00 10:00 11:00', 'other calendars keep the weekly hours');

select tests.calendar_hours('evenings', '{"mon": [["19:00", "20:00"]], "wed": [["07:00", "08:00"]]}', 'ana');
select is(tests.starts('evenings', '2027-03-08 00:00+02', '2027-03-13 00:00+02', 'ana'), '03-08 19:00, 03-10 07:00',
  'a specialist''s own hours in the calendar replace the calendar''s');
select is(tests.day('evenings', '2027-03-08', 'bogdan'), '18:00 19:00', 'for that specialist only');

select is(tests.day('visits', '2027-03-08', 'ana'), '09:00 10:00 11:00', 'and in that calendar only');
select tests.calendar('mornings', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
select tests.calendar_hours('mornings', '{"mon": [["06:00", "08:00"]]}', 'ana');
select is(tests.day('mornings', '2027-03-08', 'ana'), '06:00 07:00', 'own hours in two calendars');
select is(tests.day('evenings', '2027-03-08', 'ana'), '19:00', 'are each calendar''s');
select is(tests.day('mornings', '2027-03-08', 'bogdan'), '14:00 15:00', 'who has none there keeps the weekly ones');

select tests.override('ana', 'closed', '2027-03-08');
select tests.override('bogdan', 'replace', '2027-03-08', starts => '21:00', ends => '22:00');
select is(tests.day('evenings', '2027-03-08'), '21:00', 'date overrides still apply');

update app_public.calendars set timezone = 'Europe/London' where id = tests.id('evenings');
select is((select array_agg(local_start order by starts_at) from app_public.available_slots(
    tests.id('evenings'), '2027-03-15 00:00Z', '2027-03-16 00:00Z', tests.id('bogdan'))),
  '{2027-03-15T18:00:00+00:00,2027-03-15T19:00:00+00:00}', 'the calendar''s hours are read in the calendar''s zone');
select * from finish();
rollback;
