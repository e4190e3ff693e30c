-- Test: working_hours - whoever is in another zone for some dates works by its clocks on those, and their colleague does not. SCH-01, SCH-02.
begin;
select plan(2);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', week), tests.specialist('bogdan', week)
from (select jsonb_object_agg(day, '[["09:00", "10:00"]]'::jsonb) as week from unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) day) w;
select tests.zone('ana', 'Asia/Tokyo', '2027-03-09', '2027-03-10');
select tests.override('ana', 'extra', '2027-03-09', null, '12:00', '13:00');
create function pg_temp.begins(specialist text) returns text language sql as $$
  select string_agg(to_char(lower(span) at time zone 'UTC', 'DD HH24'), ', ' order by span)
  from app_private.working_hours(tests.id('atlas'), array[tests.id('ana'), tests.id('bogdan')], '2027-03-08 00:00+00', '2027-03-12 00:00+00') w
  cross join lateral unnest(w.hours) span
  where w.specialist_id = tests.id(specialist) and lower(span) between '2027-03-08 00:00+00' and '2027-03-11 23:00+00' $$;
select is(pg_temp.begins('ana'), '08 07, 09 00, 09 03, 10 00, 11 07', 'from the first date to the last');
select is(pg_temp.begins('bogdan'), '08 07, 09 07, 10 07, 11 07', 'and nobody else');
select * from finish();
rollback;
