-- Test: record_usage - the period that runs is kept with the position, and forgotten where it may be another: sums are of the right one. FND-24.
begin;
select plan(14);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.clinic('atlas');
select tests.subscribe(tests.id('atlas'), 'start', '2027-03-05');
create function pg_temp.use(key text, at timestamptz default app_hidden.now()) returns bigint language sql as $$
  select position from app_private.record_usage(tests.id('atlas'), 'sms_messages', 'messages', key, 1, at) $$;
create function pg_temp.kept() returns text language sql as $$
  select to_char(lower(period) at time zone 'Europe/Bucharest', 'MM-DD') || ' ' || to_char(upper(period) at time zone 'Europe/Bucharest', 'MM-DD')
  from app_private.usage_positions where organization_id = tests.id('atlas') $$;
create function pg_temp.summaries() returns text language sql as $$
  select string_agg(format('%s %s', to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), records), ', ' order by period_starts_at)
  from app_public.usage_summaries where organization_id = tests.id('atlas') $$;

select is(pg_temp.use('a', '2027-03-06 10:00+02'), 1::bigint, 'the first use');
select is(pg_temp.kept(), '03-05 04-05', 'keeps the period that it is of');
select is(pg_temp.use('late', '2027-03-01 10:00+02'), 2::bigint, 'one that is late');
select is(pg_temp.kept(), '03-05 04-05', 'does not take its place');
select is(pg_temp.use('next', '2027-04-10 10:00+03'), 3::bigint, 'one of a month that is not opened yet');
select is(pg_temp.kept(), '03-05 04-05', 'is not kept, since it may never be opened');
select is(pg_temp.use('b'), 4::bigint, 'the period that runs goes on');
select is(pg_temp.summaries(), '03-01 1, 03-05 2, 04-05 1', 'each is summed up in its own');
select is(pg_temp.use('b'), 4::bigint, 'told again: no position is lost');
select is(pg_temp.use('c'), 5::bigint, 'the next one follows');

-- A clinic that ended in the midst of its month and subscribed anew has two periods of the days that are left.
select app_private.end_organization_subscription(s, null) from app_public.organization_subscriptions s where s.organization_id = tests.id('atlas');
select tests.subscribe(tests.id('atlas'), 'start', '2027-03-10');
select is(pg_temp.kept(), null, 'a period that begins has the one that was kept forgotten');
select is(pg_temp.use('d'), 6::bigint, 'the next use is of the new one');
select is(concat_ws(': ', pg_temp.kept(), pg_temp.summaries()), '03-01 1, 03-05 1, 03-10 3, 04-10 1', 'which is not kept beside another, since that has days of its own');
select is_empty($$select * from app_private.usage_differences(tests.id('atlas'))$$, 'the sums are what the records add up to');
select * from finish();
rollback;
