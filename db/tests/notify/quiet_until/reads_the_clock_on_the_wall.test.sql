-- Test: quiet_until - nights end when the wall shows the end, also when the hour changes. FND-15.
begin;
select plan(17);
create function pg_temp.until(at timestamptz, "from" time default '21:00', until time default '08:00', zone text default 'Europe/Bucharest')
returns timestamptz language sql as $$ select app_private.quiet_until(at, "from", until, zone) $$;

select is(pg_temp.until('2027-03-01 20:59:59+02'), null, 'a second before nine it is not quiet');
select is(pg_temp.until('2027-03-01 21:00+02'), '2027-03-02 08:00+02', 'from nine on, until the next morning');
select is(pg_temp.until('2027-03-02 00:00+02'), '2027-03-02 08:00+02', 'at midnight, until the same morning');
select is(pg_temp.until('2027-03-02 07:59:59+02'), '2027-03-02 08:00+02', 'to the last second');
select is(pg_temp.until('2027-03-02 08:00+02'), null, 'and not at eight');
select is(pg_temp.until('2027-03-27 22:00+02'), '2027-03-28 08:00+03', 'the night that loses an hour: nine hours of it');
select is(pg_temp.until('2027-10-30 22:00+03'), '2027-10-31 08:00+02', 'the night that gains one: eleven');
select is(pg_temp.until('2027-03-28 00:30+02', '23:00', '03:30'), '2027-03-28 04:30+03', 'an end that the wall never shows is the moment after the gap');
select is(pg_temp.until('2027-10-31 00:30+03', '23:00', '03:30'), '2027-10-31 03:30+02', 'an end that it shows twice is the second');
select is(pg_temp.until('2027-03-01 19:30+00', zone => 'America/New_York'), null, 'each on the clock of their zone: afternoon in New York');
select is(pg_temp.until('2027-03-01 14:00+02', '13:00', '15:00'), '2027-03-01 15:00+02', 'a rest after lunch ends on the same day');
select is(pg_temp.until('2027-03-01 13:00+02', '13:00', '15:00'), '2027-03-01 15:00+02', 'begins at its minute');
select is(pg_temp.until('2027-03-01 15:00+02', '13:00', '15:00'), null, 'is over at its other');
select is(pg_temp.until('2027-03-01 16:00+02', '13:00', '15:00'), null, 'and stays so');
select is(pg_temp.until('2027-03-01 12:59+02', '13:00', '15:00'), null, 'and has not begun before it');
select is(pg_temp.until('2027-03-01 03:00+02', '08:00', '08:00'), null, 'from eight to eight is never');
select is_empty(
  $$select at from generate_series('2027-01-01 00:00+00'::timestamptz, '2027-12-31', '17 minutes') as at
    where app_private.quiet_until(at, '21:00', '08:00', 'Europe/Bucharest') <= at
       or app_private.quiet_until(at, '21:00', '08:00', 'Europe/Bucharest') > at + interval '12 hours'$$,
  'whenever it is asked, the end lies ahead and within half a day');
select * from finish();
rollback;
