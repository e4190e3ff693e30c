-- Test: available_slots - hours without a gap have one grid, whatever window is asked for. SCH-05.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
-- Fifty minutes do not divide a day, so a grid that counted from the query would show.
select tests.specialist('ana', weekly => '{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]],
  "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}');
select tests.calendar('always', specialists => '{ana}', minutes => 50);

create temp table whole as
select starts_at from app_public.available_slots(tests.id('always'), '2027-03-05 00:00+02', '2027-04-20 00:00+03');
select is(
  (select array_agg(starts_at) from whole where starts_at < '2027-04-19 00:00+03'),
  (select array_agg(s.starts_at order by s.starts_at)
   from generate_series('2027-03-05 00:00+02'::timestamptz, '2027-04-18 23:00+03', interval '1 hour') as hour
   cross join lateral app_public.available_slots(tests.id('always'), hour, hour + interval '1 hour') as s
   where s.starts_at < '2027-04-19 00:00+03'),
  'asked hour by hour it is the same as asked at once');
select is((select count(*) from whole where extract(epoch from starts_at)::bigint % 60 <> 0), 0::bigint, 'on whole minutes');
select is(
  (select array_agg(monday order by monday)
   from generate_series('2027-03-08 00:00'::timestamp, '2027-04-19 00:00', interval '7 days') as monday
   where monday at time zone 'Europe/Bucharest' not in (select starts_at from whole)),
  null, 'the grid begins anew every Monday');

-- A gap of a quarter of an hour is enough for a beginning.
select tests.override('ana', 'replace', '2027-03-10', starts => '00:15', ends => '24:00');
select is(tests.starts('always', '2027-03-10 00:00+02', '2027-03-10 02:00+02'), '03-10 00:15, 03-10 01:05, 03-10 01:55',
  'after a gap the grid counts from there');
select is(tests.starts('always', '2027-03-16 23:00+02', '2027-03-17 01:00+02'), '03-16 23:45, 03-17 00:35',
  'past the next Monday, which is not a week away');
select is(tests.starts('always', '2027-03-21 23:30+02', '2027-03-22 01:00+02'), '03-21 23:45, 03-22 00:00, 03-22 00:50',
  'until the Monday after');
select * from finish();
rollback;
