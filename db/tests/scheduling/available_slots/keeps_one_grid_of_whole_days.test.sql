-- Test: available_slots, timetables, starts_within, grid - whole days that meet have one grid, be they weekly or more hours of dates. SCH-05.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
-- A week without a gap, to the hour.
select tests.specialist('week');
select tests.calendar('one week', specialists => '{week}', minutes => 60);
select tests.override('week', 'extra', '2027-04-05', '2027-04-11', '00:00', '24:00');
select is((select count(*) from app_private.free_starts(tests.id('one week'), '2027-04-04 00:00+03', '2027-04-13 00:00+03')), 168::bigint,
  'a week to the hour has each of its starts once');

-- Whole days of every week.
select tests.specialist('always', weekly => '{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]],
  "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}');
select tests.calendar('of always', specialists => '{always}', minutes => 50);

-- Without any weekly hours: more hours of whole days, or of days and nights that meet.
select tests.specialist('guard');
select tests.specialist('watch');
select tests.calendar('of guard', specialists => '{guard}', minutes => 50);
select tests.calendar('of watch', specialists => '{watch}', minutes => 50);
select tests.override('guard', 'extra', '2027-03-05', '2027-04-04', '00:00', '24:00');
select tests.override('watch', 'extra', '2027-03-05', '2027-04-04', '06:00', '22:00'), tests.override('watch', 'extra', '2027-03-05', '2027-04-04', '22:00', '06:00');
select is(
  (select array_agg(starts_at) from app_public.available_slots(tests.id(name), '2027-03-19 00:00+02', '2027-03-20 00:00+02')),
  (select array_agg(starts_at) from app_public.available_slots(tests.id(name), '2027-03-05 00:00+02', '2027-03-20 00:00+02') where starts_at >= '2027-03-19 00:00+02'),
  name || ': the grid is the same from wherever one looks')
from unnest('{of always,of guard,of watch}'::text[]) as name;
select * from finish();
rollback;
