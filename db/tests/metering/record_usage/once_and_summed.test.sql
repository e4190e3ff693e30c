-- Test: record_usage, usage_between - each thing once, summed with its record; what differs is kept and told; what is late is of its time. FND-24.
begin;
select plan(31);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.subscribe(tests.id('atlas'), 'start', '2027-03-05');
create function pg_temp.use(key text, quantity numeric default 1, at timestamptz default '2027-03-10 10:00+02', meter text default 'sms_messages', subject uuid default null, clinic text default 'atlas')
returns bigint language sql as $$ select position from app_private.record_usage(tests.id(clinic), meter, 'messages', key, quantity, at, subject) $$;
create function pg_temp.summaries(of_meter text default 'sms_messages', clinic text default 'atlas') returns text language sql as $$
  select string_agg(format('%s %s/%s', to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), quantity, records), ', ' order by period_starts_at)
  from app_public.usage_summaries where organization_id = tests.id(clinic) and meter = of_meter $$;

select is(pg_temp.use('a'), 1::bigint, 'the first thing');
select is(pg_temp.use('b', 2), 2::bigint, 'and another, in order');
select is(pg_temp.use('a'), 1::bigint, 'told again, it is answered with the record that is there');
select is(pg_temp.summaries(), '03-05 3/2', 'and counted once, in the billing period');
select is_empty($$select from app_private.events where name = 'usage.conflict'$$, 'nobody is told anything');
select is(pg_temp.use('a', 5), 1::bigint, 'something else under the key: the record stays');
select is(pg_temp.use('a', 5), 1::bigint, 'however often it is told');
select is(pg_temp.use('a', 1, '2027-03-09 10:00+02'), 1::bigint, 'another time is something else');
select is(pg_temp.use('a', 1, meter => 'video_minutes'), 1::bigint, 'and so is another meter');
select is(pg_temp.use('a', 1, subject => tests.id('boreal')), 1::bigint, 'and another subject');
select results_eq($$select quantity, meter, (occurred_at at time zone 'Europe/Bucharest')::date from app_public.usage_conflicts order by id$$,
  $$values (5::numeric, 'sms_messages', '2027-03-10'::date), (1, 'sms_messages', '2027-03-09'), (1, 'video_minutes', '2027-03-10'), (1, 'sms_messages', '2027-03-10')$$, 'each is kept, once');
select set_eq($$select subject_id, payload from app_private.events where name = 'usage.conflict'$$,
  $$select r.id, jsonb_build_object('usageRecordId', r.id, 'usageConflictId', c.id) from app_public.usage_conflicts c join app_public.usage_records r using (organization_id, source, key)$$, 'and told');
select is(pg_temp.summaries(), '03-05 3/2', 'and never summed');
select is(pg_temp.summaries('video_minutes'), null, 'anywhere');
select is(app_private.usage_watermark(tests.id('atlas')), 2::bigint, 'and takes no position');
select is(pg_temp.use('a', clinic => 'boreal'), 1::bigint, 'another clinic has keys of its own');

-- Late, and before there was a period.
select is(pg_temp.use('late', 7, '2027-03-05 00:00+02'), 3::bigint, 'what is told late has a later position');
select is(pg_temp.summaries(), '03-05 10/3', 'and is of the period of its time, from its first instant');
select is(pg_temp.use('before', 4, '2027-03-04 23:59+02'), 4::bigint, 'before the period');
select is(pg_temp.use('long before', 3, '2027-02-28 23:59+02'), 5::bigint, 'and in another month');
select is(pg_temp.summaries(), '02-01 3/1, 03-01 4/1, 03-05 10/3', 'usage is of the calendar month of the clinic, as far as that is not billed');
select is((select period_ends_at from app_public.usage_summaries where organization_id = tests.id('atlas') and period_starts_at = '2027-03-01 00:00+02'), '2027-03-05 00:00+02', 'the month ends where the period begins');

-- By time and by position, as a bill asks.
select is(app_private.usage_between(tests.id('atlas'), 'sms_messages', '[2027-03-05 00:00+02,2027-04-05 00:00+03)', 0, 2), 3::numeric, 'what was told up to a position');
select is(app_private.usage_between(tests.id('atlas'), 'sms_messages', '[2027-03-05 00:00+02,2027-04-05 00:00+03)', 2, 5), 7::numeric, 'and after it');
select is(app_private.usage_between(tests.id('atlas'), 'video_minutes', '[2027-03-05 00:00+02,2027-04-05 00:00+03)', 0, 5), 0::numeric, 'of what was not used, nothing');
select is_empty($$select * from app_private.usage_differences(tests.id('atlas'))$$, 'the summaries are what the records add up to');

select throws_ok($$select pg_temp.use('x', meter => 'toys')$$, 'RX400', 'meter_unknown', 'what nobody counts is refused');
select throws_ok($$select pg_temp.use('x', meter => 'specialists')$$, 'RX400', 'meter_unknown', 'and what is counted where it stands');
select throws_ok($$select pg_temp.use('x', -1)$$, '23514', null, 'and less than nothing');
select throws_ok($$update app_public.usage_records set quantity = 0$$, 'RX423', 'never_changed', 'what was used is not rewritten');
select throws_ok(
  $$insert into app_public.usage_conflicts (organization_id, source, key, meter, quantity, occurred_at) values (tests.id('atlas'), 'messages', 'nobody', 'sms_messages', 1, now())$$,
  '23503', null, 'and nothing differs from a record that is not there');
select * from finish();
rollback;
