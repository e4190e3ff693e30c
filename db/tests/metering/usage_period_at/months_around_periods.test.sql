-- Test: usage_period_at, usage_periods_between, billing_period_at - where a clinic has no billing period usage is of the calendar month of its zone, as far as no period of its own takes of that. FND-24, FND-20.
begin;
select plan(16);
select tests.freeze_time('2027-03-10 12:00+02');
-- Another clinic's periods lie where this one has none.
select tests.clinic('boreal'), tests.subscribe(tests.id('boreal'), 'start', '2027-03-12');
select tests.clinic('atlas'), tests.remember('subscription', tests.subscribe(tests.id('atlas'), 'start', '2027-03-05'));
update app_public.billing_periods set ends_on = '2027-03-10', during = '[2027-03-05 00:00+02,2027-03-10 00:00+02)' where organization_id = tests.id('atlas');
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-03-10 00:00+02' where organization_id = tests.id('atlas');
select tests.freeze_time('2027-03-20 12:00+02');
select tests.subscribe(tests.id('atlas'), 'start', '2027-03-20');
create function pg_temp.span(at timestamptz, clinic text default 'atlas') returns text language sql as $$
  select concat_ws(' – ', to_char(lower(d) at time zone 'Europe/Bucharest', 'MM-DD HH24:MI'), to_char(upper(d) at time zone 'Europe/Bucharest', 'MM-DD HH24:MI')) from app_private.usage_period_at(tests.id(clinic), at) d $$;
select is(pg_temp.span('2027-02-28 23:59:59+02'), '02-01 00:00 – 03-01 00:00', 'the month before is whole');
select is(pg_temp.span('2027-03-01 00:00+02'), '03-01 00:00 – 03-05 00:00', 'a month ends where the first period begins');
select is(pg_temp.span('2027-03-04 23:59:59+02'), '03-01 00:00 – 03-05 00:00', '… to its last instant');
select is(pg_temp.span('2027-03-05 00:00+02'), '03-05 00:00 – 03-10 00:00', 'a period begins with its first');
select is(pg_temp.span('2027-03-10 00:00+02'), '03-10 00:00 – 03-20 00:00', 'between two periods the month is what lies between them');
select is(pg_temp.span('2027-03-15 00:00+02'), '03-10 00:00 – 03-20 00:00', '… whatever another clinic''s period takes');
select is(pg_temp.span('2027-03-20 00:00+02'), '03-20 00:00 – 04-20 00:00', 'then the next one begins');
select is(pg_temp.span('2027-04-20 00:00+03'), '04-20 00:00 – 05-20 00:00', 'one that is not opened yet is as it will be');
select is(pg_temp.span('2027-07-01 00:00+03'), '06-20 00:00 – 07-20 00:00', '… also months ahead');
select is(pg_temp.span('2027-03-11 00:00+02', 'boreal'), '03-01 00:00 – 03-12 00:00', 'of another clinic it is that one''s');
update app_public.organization_subscriptions set cancels_on = '2027-05-20', cancels_because = 'asked' where organization_id = tests.id('atlas') and ended_at is null;
select is(pg_temp.span('2027-05-19 23:59:59+03'), '04-20 00:00 – 05-20 00:00', 'one that is to end has the periods until then');
select is((app_private.billing_period_at(tests.id('atlas'), '2027-05-20 00:00+03')).position, null, 'and no other');
select is((app_private.billing_period_at(tests.id('atlas'), '2027-03-15 00:00+02')).position, null, 'of what has ended no period follows');
select is((app_private.billing_period_at(tests.id('atlas'), '2027-03-06 00:00+02')).position, 1, 'but those that there were are known');
select results_eq($$select to_char(starts_at at time zone 'Europe/Bucharest', 'MM-DD'), to_char(ends_at at time zone 'Europe/Bucharest', 'MM-DD') from app_private.usage_periods_between(tests.id('atlas'), '2027-02-10 00:00+02', '2027-03-20 00:00+02')$$,
  $$values ('02-10', '03-01'), ('03-01', '03-05'), ('03-05', '03-10'), ('03-10', '03-20'), ('03-20', '04-20')$$, 'a stretch is its spans, one after the other, the one of its last instant, too');
select results_eq($$select to_char(starts_at at time zone 'Europe/Bucharest', 'MM-DD'), to_char(ends_at at time zone 'Europe/Bucharest', 'MM-DD') from app_private.usage_periods_between(tests.id('boreal'), '2027-03-11 00:00+02', '2027-03-13 00:00+02')$$,
  $$values ('03-11', '03-12'), ('03-12', '04-12')$$, 'of each clinic its own');
select * from finish();
rollback;
