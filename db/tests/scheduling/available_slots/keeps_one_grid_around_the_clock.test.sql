-- Test: available_slots, timetables, starts_within, grid - hours without a gap have one grid, whatever window is asked for. SCH-05.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
-- Fifty minutes do not divide a day, so a grid that counted from the query would show.
select tests.specialist('ana', weekly => '{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]],
  "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}');
select tests.calendar('always', specialists => '{ana}', minutes => 50);

create temp table whole as
select starts_at from app_public.available_slots(tests.id('always'), '2027-03-05 00:00+02', '2027-03-31 00:00+03');
select is(
  (select array_agg(starts_at) from whole where starts_at < '2027-03-30 00:00+03'),
  (select array_agg(s.starts_at order by s.starts_at)
   from generate_series('2027-03-05 00:00+02'::timestamptz, '2027-03-29 23:00+03', interval '1 hour') as hour
   cross join lateral app_public.available_slots(tests.id('always'), hour, hour + interval '1 hour') as s
   where s.starts_at < '2027-03-30 00:00+03'),
  'asked hour by hour it is the same as asked at once');
select is((select count(*) from whole where extract(epoch from starts_at)::bigint % 60 <> 0), 0::bigint, 'on whole minutes');
select is(
  (select array_agg(monday order by monday)
   from generate_series('2027-03-08 00:00'::timestamp, '2027-03-29 00:00', interval '7 days') as monday
   where monday at time zone 'Europe/Bucharest' not in (select starts_at from whole)),
  null, 'the grid begins anew every Monday');

-- An hour divides the week, so what one Monday begins would end with the start of the next.
select tests.calendar('hourly', specialists => '{ana}', minutes => 60);
select is(
  (select count(*) from app_private.free_starts(tests.id('hourly'), '2027-03-08 00:00+02', '2027-03-22 00:00+02')),
  14 * 24::bigint, 'no start comes twice, not even on Mondays');

-- A gap is a beginning.
select tests.override('ana', 'replace', '2027-03-14', starts => '12:05', ends => '24:00');
select is(tests.starts('always', '2027-03-14 00:00+02', '2027-03-14 14:00+02'), '03-14 12:05, 03-14 12:55, 03-14 13:45',
  'after a gap the grid counts from there');
select is(tests.starts('always', '2027-03-14 23:30+02', '2027-03-15 01:00+02'), '03-14 23:45, 03-15 00:35',
  'past the next Monday, which is not a week away');
select is(tests.starts('always', '2027-03-21 23:00+02', '2027-03-22 01:00+02'), '03-21 23:15, 03-22 00:00, 03-22 00:50',
  'until the Monday after');

-- By day in Romania, by night on an island that is twelve hours ahead: no hours reach midnight, and there is no gap.
select tests.specialist('kiri', timezone => 'Pacific/Kiritimati');
select tests.calendar('two zones', specialists => '{kiri}', minutes => 50);
select tests.calendar_hours('two zones', '{"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]], "wed": [["08:00", "20:00"]],
  "thu": [["08:00", "20:00"]], "fri": [["08:00", "20:00"]], "sat": [["08:00", "20:00"]], "sun": [["08:00", "20:00"]]}');
select tests.override('kiri', 'extra', '2027-02-01', '2027-03-20', '08:00', '20:00');
create temp table island as
select starts_at from app_public.available_slots(tests.id('two zones'), '2027-03-04 00:00+02', '2027-03-20 00:00+02');
select is(
  (select array_agg(starts_at) from island),
  (select array_agg(s.starts_at order by s.starts_at)
   from generate_series('2027-03-04 00:00+02'::timestamptz, '2027-03-19 20:00+02', interval '4 hours') as hour
   cross join lateral app_public.available_slots(tests.id('two zones'), hour, hour + interval '4 hours') as s),
  'nor do hours in two zones show where one looks from');
select * from finish();
rollback;
