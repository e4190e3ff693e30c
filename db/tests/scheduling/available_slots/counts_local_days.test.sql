-- Test: available_slots, available_days, next_available - a window is counted in local days, whatever the clocks do within. SCH-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, horizon_days => 730);
select tests.specialist('rare');
select tests.calendar('rarely', specialists => '{rare}', minutes => 60, horizon_days => 200);
select tests.override('rare', 'extra', '2027-08-02', starts => '09:00', ends => '10:00');
create function pg_temp.listed("from" text, "to" text) returns bigint language sql as $$
  select count(*) from app_public.available_slots(
    tests.id('visits'), "from"::timestamp at time zone 'Europe/Bucharest', "to"::timestamp at time zone 'Europe/Bucharest')
$$;
grant execute on function pg_temp.listed to public;
select tests.act_as('a visitor');
select is(pg_temp.listed('2027-10-01', '2027-12-02'), 9::bigint, '62 local days with the extra autumn hour');
select is(pg_temp.listed('2027-10-01', '2027-12-01'), 9::bigint, 'two local months');
select throws_ok($$select pg_temp.listed('2027-10-01', '2027-12-02 00:00:01')$$, 'RX400', 'window_too_long', 'a second more is too long');
select is(pg_temp.listed('2027-03-01', '2027-05-02'), 9::bigint, '62 local days without the spring hour');
select is((select count(*) from app_public.available_slots(tests.id('visits'), '2027-03-01 00:00Z', '2027-05-02 00:00Z')), 9::bigint, '62 elapsed days of spring, an hour more on the clocks');
select throws_ok($$select pg_temp.listed('2027-03-01', '2027-05-02 01:00:01')$$, 'RX400', 'window_too_long', 'too long both ways');
select is((select count(*) from app_public.available_days(tests.id('visits'), '2027-10-01', '2027-12-02')), 9::bigint, 'the days alike');
select is((select count(*) from app_public.next_available(tests.id('rarely'), 1)), 1::bigint, 'the next time is found through every change of the clocks');
select tests.freeze_time('2027-02-10 08:00+02');
select is((select count(*) from app_public.next_available(tests.id('rarely'), 1)), 1::bigint, 'from anywhere');
select * from finish();
rollback;
