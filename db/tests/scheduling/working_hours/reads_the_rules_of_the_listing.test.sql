-- Test: working_hours - closed beats other hours, those the usual ones, more hours add to them; what the listing offers lies in them, on the nights that clocks change too. SCH-01, SCH-02, SCH-05.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]], "tue": [["09:00", "12:00"], ["11:00", "13:00"]], "sat": [["22:00", "06:00"]], "sun": [["02:30", "04:30"]]}');
select tests.specialist('far', weekly => '{"mon": [["09:00", "12:00"]], "sun": [["09:00", "12:00"]]}', timezone => 'America/New_York');
select tests.specialist('until the gap', weekly => '{"sun": [["02:30", "03:30"]]}');
select tests.specialist('from the gap', weekly => '{"sun": [["03:30", "05:00"]]}');
select tests.specialist('in the gap', weekly => '{"sun": [["03:15", "03:45"]]}');
select tests.specialist('own');
select tests.specialist('other');
select tests.calendar('visits', specialists => '{ana,far}', minutes => 30, horizon_days => 730);
select tests.calendar('evenings', specialists => '{own,other}', minutes => 30, horizon_days => 730);
select tests.calendar('closed', specialists => '{own}', minutes => 30, horizon_days => 730);
select tests.calendar('removed', specialists => '{own}', minutes => 30, horizon_days => 730);
insert into app_public.calendar_hours (organization_id, calendar_id, specialist_id, weekday, starts, ends)
select tests.id('atlas'), tests.id(c), case when s <> '' then tests.id(s) end, 1, f::time, t::time
from (values ('evenings', '', '18:00', '20:00'), ('evenings', 'other', '04:00', '05:00'),
  ('closed', '', '08:00', '09:00'), ('closed', 'own', '06:00', '07:00'), ('removed', '', '10:00', '11:00')) as h (c, s, f, t);
select tests.override('ana', 'replace', '2027-03-08', starts => '14:00', ends => '15:00');
select tests.override('ana', 'extra', '2027-03-09', starts => '20:00', ends => '21:00');
select tests.override('ana', 'closed', '2027-03-15', '2027-03-21');
select tests.override('ana', 'extra', '2027-03-16', starts => '20:00', ends => '21:00');
select tests.override('ana', 'closed', '2027-03-22', starts => '10:00', ends => '11:00');
create function pg_temp.worked(specialist text, day date, timezone text default 'Europe/Bucharest') returns text language sql as $$
  select string_agg(to_char(lower(part) at time zone timezone, 'HH24:MI') || '-' || to_char(upper(part) at time zone timezone, 'HH24:MI'), ' ' order by part)
  from app_private.working_hours(tests.id('atlas'), array(select id from app_public.specialists), day::timestamp at time zone 'Europe/Bucharest',
    (day + 1)::timestamp at time zone 'Europe/Bucharest') as w,
  unnest(w.hours * tstzrange(day::timestamp at time zone 'Europe/Bucharest', (day + 1)::timestamp at time zone 'Europe/Bucharest')::tstzmultirange) as part
  where w.specialist_id = tests.id(specialist)
$$;

select is((select array_agg(specialist_id) from app_private.working_hours(tests.id('atlas'), array[tests.id('ana')], '2027-03-01', '2027-03-02')),
  array[tests.id('ana')], 'of those who are asked about');
select is(pg_temp.worked('ana', '2027-03-01'), '09:00-12:00', 'usual hours');
select is(pg_temp.worked('ana', '2027-03-02'), '09:00-13:00', 'hours that overlap are one stretch');
select is(pg_temp.worked('ana', '2027-03-03'), null, 'a day without hours');
select is(pg_temp.worked('ana', '2027-03-07'), '00:00-06:00', 'a night runs into the next day');
select is(pg_temp.worked('ana', '2027-03-08'), '14:00-15:00', 'other hours stand instead');
select is(pg_temp.worked('far', '2027-03-08', 'America/New_York'), '09:00-12:00', 'of that specialist alone');
select is(pg_temp.worked('ana', '2027-03-09'), '09:00-13:00 20:00-21:00', 'more hours stand beside');
select is(pg_temp.worked('ana', '2027-03-16'), null, 'a vacation takes all of them');
select is(pg_temp.worked('ana', '2027-03-22'), '09:00-10:00 11:00-12:00', 'a closing takes its hour');
select is(pg_temp.worked('ana', '2027-03-28'), '00:00-06:00', 'a night of spring');
select is(pg_temp.worked('until the gap', '2027-03-28'), '02:30-04:00', 'hours that end at a time that clocks skip end when they do');
select is(pg_temp.worked('from the gap', '2027-03-28'), '04:00-05:00', 'hours that begin at such a time begin then');
select is(pg_temp.worked('in the gap', '2027-03-28'), null, 'hours between such times are none');
select is(pg_temp.worked('far', '2027-03-01', 'America/New_York'), '09:00-12:00', 'hours on the clocks of another zone');
select is(pg_temp.worked('own', '2027-03-01'), '06:00-07:00 10:00-11:00 18:00-20:00', 'hours that calendars have of their own, the nearest in each');
select is(pg_temp.worked('other', '2027-03-01'), '04:00-05:00', 'what a specialist has in a calendar is theirs alone');
update app_public.calendars set deleted_at = now() where id = tests.id('removed');
select is(pg_temp.worked('own', '2027-03-01'), '06:00-07:00 18:00-20:00', 'of those that exist');
update app_public.calendars set is_active = false where id = tests.id('closed');
select is(pg_temp.worked('own', '2027-03-01'), '18:00-20:00', 'and can be booked');

-- Every start that is listed lies in the hours of the day, and each stretch of hours holds what fits.
select results_eq(
  $$select day::date, (select count(*) from app_private.free_starts(tests.id('visits'), day, day + interval '30 hours', tests.id('ana')) as f
     where not exists (select from app_private.working_hours(tests.id('atlas'), array[tests.id('ana')], day, day + interval '32 hours') as w
                       where w.hours @> tstzrange(f.starts_at, f.starts_at + f.duration)))
    from generate_series(timestamptz '2027-03-02', '2027-11-05', '1 day') as day
    where extract(month from day) in (3, 10, 11)$$,
  $$select day::date, 0::bigint from generate_series(timestamptz '2027-03-02', '2027-11-05', '1 day') as day where extract(month from day) in (3, 10, 11)$$,
  'what the listing offers is within them');
select * from finish();
rollback;
