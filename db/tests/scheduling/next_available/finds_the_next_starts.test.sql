-- Test: next_available - the next n starts, up to the horizon. SCH-05.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, horizon_days => 29, notice_minutes => 90);
select tests.calendar('pick', specialists => '{ana}', minutes => 60, strategy => 'specific', notice_minutes => 90);

create function pg_temp.next(n int) returns text language sql as $$
  select string_agg(translate(substr(s.local_start, 6, 11), 'T', ' '), ', ' order by s.starts_at)
  from app_public.next_available(tests.id('visits'), n) as s;
$$;
grant execute on function pg_temp.next to public;
select tests.act_as('a visitor');
select is(pg_temp.next(1), '03-01 10:00', 'the first, after the notice');
select is(pg_temp.next(4), '03-01 10:00, 03-08 09:00, 03-08 10:00, 03-15 09:00', 'across weeks without any');
select is(pg_temp.next(50), '03-01 10:00, 03-08 09:00, 03-08 10:00, 03-15 09:00, 03-15 10:00, 03-22 09:00, 03-22 10:00, 03-29 09:00, 03-29 10:00',
  'all there are within the horizon, when they are fewer');
select results_eq(
  $$select starts_at, specialist_ids from app_public.next_available(tests.id('pick'), 1, tests.id('ana'))$$,
  $$values ('2027-03-01 10:00+02'::timestamptz, array[tests.id('ana')])$$, 'of one specialist, where the visitor picks');
select throws_ok($$select app_public.next_available(tests.id('visits'), 0)$$, 'RX400', 'count_out_of_range', 'none cannot be asked for');
select throws_ok($$select app_public.next_available(tests.id('visits'), 51)$$, 'RX400', 'count_out_of_range', 'nor more than fifty');
select throws_ok($$select app_public.next_available(tests.id('visits'), null)$$, 'RX400', 'count_out_of_range', 'nor any number');
select throws_ok($$select app_public.next_available(tests.id('atlas'), 1)$$, 'RX404', 'calendar_not_found', 'nor a calendar that is none');
select * from finish();
rollback;
