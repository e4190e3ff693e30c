-- Test: periods (month_day, month_number, day_starts, period_after, term_ends_on, billing_period_at, tier_version_at) - months from the anchor day, clamped, from local midnight to local midnight, without hole or overlap. BIL-01, BIL-02.
begin;
select plan(34);
-- Clamped, and counted from the anchor each time.
select is(array(select app_private.month_day('2027-01-31', m) from generate_series(0, 13) m),
  '{2027-01-31,2027-02-28,2027-03-31,2027-04-30,2027-05-31,2027-06-30,2027-07-31,2027-08-31,2027-09-30,2027-10-31,2027-11-30,2027-12-31,2028-01-31,2028-02-29}'::date[],
  '31 → 28 → 31, and 29 in a leap year');
select is(array(select app_private.month_day('2028-02-29', m) from unnest('{12,48}'::int[]) m), '{2029-02-28,2032-02-29}'::date[], 'a year from 29 February');
select is(array(select app_private.month_day('2027-08-30', m) from generate_series(5, 7) m), '{2028-01-30,2028-02-29,2028-03-30}'::date[], 'the 30th');
select ok(bool_and(app_private.month_number(a, app_private.month_day(a, m)) = m), 'and a day says which month it begins')
from unnest('{2027-01-31,2028-02-29,2027-12-15,2027-08-30}'::date[]) a cross join generate_series(0, 60) m;

-- A day begins with its first instant.
select is(app_private.day_starts(day, zone), starts, zone || ' ' || day || why) from (values
  ('2027-03-28'::date, 'Europe/Bucharest', '2027-03-27 22:00Z'::timestamptz, ''),
  ('2027-03-29', 'Europe/Bucharest', '2027-03-28 21:00Z', ', the day after the clocks went forward'),
  ('2027-10-31', 'Europe/Bucharest', '2027-10-30 21:00Z', ''),
  ('2027-11-01', 'Europe/Bucharest', '2027-10-31 22:00Z', ', the day after they went back'),
  ('2027-03-14', 'America/Havana', '2027-03-14 05:00Z', ', whose midnight is left out: it begins at one'),
  ('2027-11-07', 'America/Havana', '2027-11-07 04:00Z', ', which has two midnights: the first'),
  ('2027-04-30', 'Africa/Cairo', '2027-04-29 22:00Z', ', whose midnight is left out'),
  ('2027-10-29', 'Africa/Cairo', '2027-10-28 22:00Z', ', before which the hour from eleven comes twice'),
  ('2027-06-01', 'Asia/Kathmandu', '2027-05-31 18:15Z', ', fifteen minutes off'),
  ('2027-06-01', 'Pacific/Kiritimati', '2027-05-31 10:00Z', ', a day ahead'),
  ('2027-06-01', 'UTC', '2027-06-01 00:00Z', '')) as t (day, zone, starts, why);

-- A subscription that begins on a 31st, through fourteen months.
select tests.freeze_time('2027-01-31 15:00+02');
select tests.offered_tier('plus'), tests.offered_tier('max'), tests.offered_tier('tried', 10);
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.billing_details(), tests.clinic_subscribed('plus');
select is_empty($$select * from tests.until('2028-03-05 12:00+02')$$, 'nothing is unpaid, and it stays as it is');
select is((select array_agg(starts_on order by position) from app_public.billing_periods),
  '{2027-01-31,2027-02-28,2027-03-31,2027-04-30,2027-05-31,2027-06-30,2027-07-31,2027-08-31,2027-09-30,2027-10-31,2027-11-30,2027-12-31,2028-01-31,2028-02-29}'::date[],
  'fourteen months');
select ok(bool_and(next is null or upper(during) = lower(next)), 'each begins in the instant that ends the one before')
from (select during, lead(during) over (order by position) as next from app_public.billing_periods) p;
select is((select array_agg(closed_at - upper(during)) filter (where closed_at is not null) from app_public.billing_periods), array_fill('0'::interval, '{13}'), 'each is closed when it ends');
select is(app_private.billing_period_at(tests.id('atlas'), upper(p.during) - interval '1 microsecond'), p, 'its last instant is of it')
from app_public.billing_periods p where position = 3;
select is((app_private.billing_period_at(tests.id('atlas'), upper(p.during))).position, 4, 'the next one is of the next')
from app_public.billing_periods p where position = 3;
select is((app_private.billing_period_at(tests.id('atlas'), '2027-01-30 23:59+02')).id, null, 'before there was none');
select is((app_private.billing_period_at(tests.id('atlas'), '2028-04-10 12:00+03')).during, tstzrange('2028-03-31 00:00+03', '2028-04-30 00:00+03'),
  'one that the clock has not opened yet is known all the same');
select is((app_private.billing_period_at(tests.id('atlas'), '2028-04-10 12:00+03')).id, null, 'without an id');
select is(app_private.billing_period_at(uuidv7(), app_hidden.now()), null::app_public.billing_periods, 'a clinic without a subscription has none');
select throws_ok($$insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
  select organization_id, subscription_id, 99, starts_on, ends_on, during from app_public.billing_periods where position = 3$$, '23P01', null, 'two do not overlap');

-- The tier by civil day; the last change of a day holds.
select tests.act_as('olga');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('max'))).tier_version_id, tests.id('max v1'), 'up');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('plus'))).tier_version_id, tests.id('plus v1'), 'and down on the same day');
select tests.act_as('the database');
select is(app_private.tier_version_at(tests.id('atlas'), '2028-03-05 00:00+02'), tests.id('plus v1'), 'the last one of the day holds all day');
select tests.freeze_time('2028-03-09 23:59+02');
select tests.act_as('olga');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('max'))).status, 'active', 'four days later once more');
select tests.act_as('the database');
select is(array(select app_private.tier_version_at(tests.id('atlas'), at) from unnest('{2028-03-08 23:59:59+02,2028-03-09 00:00+02,2029-01-01}'::timestamptz[]) at),
  array[tests.id('plus v1'), tests.id('max v1'), tests.id('max v1')], 'from the midnight of its day on');

-- A trial is one period, and months count from its end.
select tests.clinic('boreal'), tests.billing_details(timezone => 'America/Havana'), tests.clinic_subscribed('tried');
select results_eq($$select * from tests.until('2028-05-01 00:00Z')$$, $$values ('2028-03-19 06:00 active')$$, 'at the midnight that ends it, of the billing zone');
select results_eq(
  $$select starts_on, ends_on, is_trial from app_public.billing_periods where organization_id = tests.id('boreal') order by position$$,
  $$values ('2028-03-09'::date, '2028-03-19'::date, true), ('2028-03-19', '2028-04-19', false), ('2028-04-19', '2028-05-19', false)$$, 'then months');
select is(tests.events_of(tests.id('subscription of boreal')), '{subscription.pending,subscription.trialing,subscription.trial_ending,subscription.active}', 'told of a week before');
select * from finish();
rollback;
