-- Test: record_usages (add_to_summaries, usage_periods_between, keep_usage_conflict, require_meter) - many uses at once are each recorded once, and summed with the period of their time as the meter adds up. FND-24.
begin;
select plan(39);
select tests.freeze_time('2027-04-10 12:00+03');
select tests.clinic('boreal'), tests.clinic('atlas'), tests.subscribe(tests.id('atlas'), 'start', '2027-03-05');
select tests.bill_meter('summed', 'sum'), tests.bill_meter('counted', 'count'), tests.bill_meter('highest', 'max'), tests.bill_meter('last', 'latest'), tests.bill_meter('whom', 'unique');
create function pg_temp.many(meter text, keys text[], quantities numeric[], at timestamptz[], subjects text[] default null, clinic text default 'atlas', source text default 'test') returns bigint language sql as $$
  select app_private.record_usages(tests.id(clinic), meter, source, keys, quantities, at, (select array_agg(case when s <> '' then tests.bill_id(s) end order by n) from unnest(subjects) with ordinality u (s, n))) $$;
create function pg_temp.summaries(of_meter text, clinic text default 'atlas') returns text language sql as $$
  select string_agg(format('%s %s/%s', to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), quantity, records), ', ' order by period_starts_at)
  from app_public.usage_summaries where organization_id = tests.id(clinic) and meter = of_meter $$;
create function pg_temp.positions(clinic text default 'atlas') returns text language sql as $$
  select string_agg(key || ' ' || position, ', ' order by position) from app_public.usage_records where organization_id = tests.id(clinic) $$;

-- The last instant before the period, its first and its last, the first after it.
select is(pg_temp.many('summed', '{d,a,b,c}', '{8,1,2,4}', '{2027-04-05 00:00+03,2027-03-04 23:59:59+02,2027-03-05 00:00+02,2027-04-04 23:59:59+03}'), 4::bigint, 'four things');
select is(pg_temp.summaries('summed'), '03-01 1/1, 03-05 6/2, 04-05 8/1', 'each is of the period of its time, from the first instant to before the last');
select is(pg_temp.positions(), 'd 1, a 2, b 3, c 4', 'in the order in which they are told');
select is(app_private.usage_watermark(tests.id('atlas')), 4::bigint, 'the clinic is at the last of them');
select is((select period_ends_at from app_public.usage_summaries where period_starts_at = '2027-03-01 00:00+02'), '2027-03-05 00:00+02', 'a calendar month ends where a period begins');

-- Once more, with one that is new.
select is(pg_temp.many('summed', '{d,a,b,c}', '{8,1,2,4}', '{2027-04-05 00:00+03,2027-03-04 23:59:59+02,2027-03-05 00:00+02,2027-04-04 23:59:59+03}'), 0::bigint, 'told again none is new');
select is(pg_temp.many('summed', '{d,e}', '{8,32}', '{2027-04-05 00:00+03,2027-03-06 10:00+02}'), 1::bigint, 'of two, one is');
select is(pg_temp.summaries('summed'), '03-01 1/1, 03-05 38/3, 04-05 8/1', 'and only that is added');
select is(app_private.usage_watermark(tests.id('atlas')), 5::bigint, 'one position further');
select is((select count(*) from app_public.usage_conflicts), 0::bigint, 'and nothing differs');
select is((select last_occurred_at from app_public.usage_summaries where meter = 'summed' and period_starts_at = '2027-03-05 00:00+02'), '2027-04-04 23:59:59+03', 'when it was used last is known, though an earlier one was told later');

-- What differs.
select is(pg_temp.many('summed', '{f,f,a}', '{64,128,5}', '{2027-03-07 10:00+02,2027-03-07 10:00+02,2027-03-04 23:59:59+02}'), 1::bigint, 'of a key that is told twice, the first');
select is(pg_temp.summaries('summed'), '03-01 1/1, 03-05 102/4, 04-05 8/1', 'is counted');
select results_eq($$select key, quantity from app_public.usage_conflicts order by id$$, $$values ('f', 128::numeric), ('a', 5)$$, 'the other, and what differs from what is known, is kept apart, in their order');
select is((select array_agg(payload ->> 'usageRecordId' order by id) from app_private.events where name = 'usage.conflict'), (select array_agg(id::text order by key desc) from app_public.usage_records where key in ('f', 'a')), 'and told');
select is(pg_temp.many('counted', '{a}', '{1}', '{2027-03-04 23:59:59+02}'), 0::bigint, 'the key of another meter is taken');
select is((select meter from app_public.usage_conflicts order by id desc limit 1), 'counted', 'which differs');
select is(pg_temp.many('summed', '{a}', '{1}', '{2027-03-04 23:59:59+02}', source => 'other'), 1::bigint, 'from elsewhere it is another thing');
select is(pg_temp.many('summed', '{a}', '{5}', '{2027-03-20 10:00+02}', clinic => 'boreal'), 1::bigint, 'and of another clinic');
select is(pg_temp.summaries('summed', 'boreal'), '03-01 5/1', 'which has months and positions of its own');
select is(pg_temp.positions('boreal'), 'a 1', '…');
select is((select count(*) from app_public.usage_conflicts), 3::bigint, 'and nobody''s differs by that');
select is(pg_temp.summaries('summed'), '03-01 2/2, 03-05 102/4, 04-05 8/1', 'nor is it counted here');

-- As the meter adds up.
select is(pg_temp.many('counted', '{n1,n2}', '{9,9}', '{2027-03-08 10:00+02,2027-03-09 10:00+02}'), 2::bigint, 'what is counted');
select is(pg_temp.summaries('counted'), '03-05 2/2', 'is one each, however much it was');
select is(pg_temp.many('highest', '{h1,h2}', '{9,3}', '{2027-03-08 10:00+02,2027-03-09 10:00+02}') + pg_temp.many('highest', '{h3}', '{7}', '{2027-03-10 10:00+02}'), 3::bigint, 'of a level');
select is(pg_temp.summaries('highest'), '03-05 9/3', 'the highest counts');
select is(pg_temp.many('last', '{l1,l2,l3}', '{5,6,4}', '{2027-03-09 10:00+02,2027-03-10 10:00+02,2027-03-08 10:00+02}'), 3::bigint, 'of a state');
select is(pg_temp.summaries('last'), '03-05 6/3', 'the last one by when it was so, and not by when it was told');
select is(pg_temp.many('last', '{l4}', '{2}', '{2027-03-10 10:00+02}') + pg_temp.many('last', '{l5}', '{1}', '{2027-03-09 12:00+02}'), 2::bigint, 'one of the same instant, and an earlier one');
select is(pg_temp.summaries('last'), '03-05 2/5', 'of the same instant what was told last, and never what was so before');
select is(pg_temp.many('whom', '{w1,w2,w3,w4}', '{1,1,1,1}', '{2027-03-06 10:00+02,2027-03-07 10:00+02,2027-03-08 10:00+02,2027-04-06 10:00+03}', '{ana,dan,ana,ana}'), 4::bigint, 'of whom it was for');
select is(pg_temp.summaries('whom'), '03-05 2/3, 04-05 1/1', 'each counts once in a period');
select is(pg_temp.many('whom', '{w5,w6}', '{1,1}', '{2027-03-20 10:00+02,2027-04-06 10:00+03}', '{ana,eva}'), 2::bigint, 'somebody who is known, and somebody new');
select is(pg_temp.summaries('whom'), '03-05 2/4, 04-05 2/2', 'is one more');
select is((select count(*) from app_private.usage_subjects where meter <> 'whom'), 0::bigint, 'whom the other meters were for is not kept');

select throws_ok($$select pg_temp.many('whom', '{w7,w8}', '{1,1}', '{2027-03-20 10:00+02,2027-04-06 10:00+03}', '{ana,""}')$$, 'RX400', 'usage_subject_missing', 'somebody who is not said is nobody');
select throws_ok($$select pg_temp.many('specialists', '{s}', '{1}', '{2027-03-20 10:00+02}')$$, 'RX400', 'meter_unknown', 'what stands is not used');
select is_empty($$select c, d.* from unnest('{atlas,boreal}'::text[]) c, app_private.usage_differences(tests.id(c)) d$$, 'all of it is what the records add up to');
select * from finish();
rollback;
