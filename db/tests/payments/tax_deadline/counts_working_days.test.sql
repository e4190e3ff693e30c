-- Test: tax_deadline, public_holidays - five working days by the law of the invoice's day; feasts that move are where another way of reckoning puts them. BIL-04.
begin;
select plan(22);
-- Butcher's way by the Julian calendar is how the list was made; here it is the full moon of the Metonic cycle that is looked for: the
-- paschal full moon of a Julian year by its golden number, the Sunday after it, thirteen days later.
create function pg_temp.orthodox_easter(year int) returns date language plpgsql as $$
declare
  v_full_moons text[] := '{04-05,03-25,04-13,04-02,03-22,04-10,03-30,04-18,04-07,03-27,04-15,04-04,03-24,04-12,04-01,03-21,04-09,03-29,04-17}';
  v_moon date := (year || '-' || v_full_moons[year % 19 + 1])::date + 13; -- that Julian day, by our calendar
begin
  return v_moon + 7 - extract(dow from v_moon)::int;
end $$;
select is(array[pg_temp.orthodox_easter(2016), pg_temp.orthodox_easter(2021), pg_temp.orthodox_easter(2024), pg_temp.orthodox_easter(2025)], '{2016-05-01,2021-05-02,2024-05-05,2025-04-20}'::date[], 'the way itself, by Easters that have been');
select results_eq(
  $$select year, day from generate_series(2026, 2028) as year cross join lateral (select pg_temp.orthodox_easter(year) + n from unnest('{-2,0,1,49,50}'::int[]) n) feast (day) order by 2$$,
  $$select extract(year from day)::int, day from app_private.public_holidays where country = 'RO' and name ~ 'Easter|Friday|Pentecost' order by 2$$,
  'Good Friday, Easter and Pentecost of each year');
select results_eq(
  $$select extract(year from day)::int, array_agg(to_char(day, 'MM-DD') order by day) from app_private.public_holidays where country = 'RO' and (name !~ 'Easter|Friday|Pentecost' or name ~ ' and ') group by 1 order by 1$$,
  $$select year, '{01-01,01-02,01-06,01-07,01-24,05-01,06-01,08-15,11-30,12-01,12-25,12-26}'::text[] from generate_series(2026, 2028) as year$$,
  'and those that do not move');
select results_eq($$select country::text, valid_from, days, counts from app_private.submission_deadlines order by 2$$, $$values ('RO', '2024-01-01'::date, 5, 'calendar_days'), ('RO', '2026-01-01', 5, 'working_days')$$, 'the law, by its days');

create function pg_temp.until(day date) returns text language sql as $$ select app_private.tax_deadline('RO', day)::text $$;
select is(pg_temp.until('2023-12-31'), null, 'before the law there is none');
select is(pg_temp.until('2025-12-31'), '2026-01-05', 'five days by the law of the day of the invoice');
select is(pg_temp.until('2026-03-02'), '2026-03-09', 'a Monday to a Monday');
select is(pg_temp.until('2026-03-06'), '2026-03-13', 'its own day does not count');
select is(pg_temp.until('2026-03-07'), '2026-03-13', 'nor do Saturday');
select is(pg_temp.until('2026-03-08'), '2026-03-13', 'and Sunday');
select is(pg_temp.until('2026-01-01'), '2026-01-13', 'around New Year, Epiphany and Saint John');
select is(pg_temp.until('2026-04-08'), '2026-04-17', 'around Easter');
select is(pg_temp.until('2027-04-28'), '2027-05-07', 'with Labour Day in it');
select is(pg_temp.until('2026-05-29'), '2026-06-08', 'Pentecost and the Day of Children are one day');
select is(pg_temp.until('2027-06-18'), '2027-06-28', 'or not');
select is(pg_temp.until('2026-11-26'), '2026-12-07', 'around the National Day');
select is(pg_temp.until('2026-12-24'), '2027-01-04', 'and into the next year');
select is(app_private.tax_deadline('DE', '2026-03-02'), null, 'where no law says one there is none');
select is(pg_temp.until('2031-03-03'), '2031-03-10', 'a year without a list of holidays has none, so it is too early rather than too late');
select is((select min(d.days)::text || ' ' || max(d.days) from (select app_private.tax_deadline('RO', day::date) - day::date from generate_series('2026-01-01'::date, '2028-12-20', '1 day') day) d (days)), '5 12', 'a week or two, always');
select is(app_private.working_days_before('RO', '2026-01-13', 2), '2026-01-09'::date, 'two working days before');
select is((select count(*)::int from generate_series('2026-01-01'::date, '2026-12-31', '1 day') day where app_private.is_working_day('RO', day::date)), 250, 'the working days of 2026');
select * from finish();
rollback;
