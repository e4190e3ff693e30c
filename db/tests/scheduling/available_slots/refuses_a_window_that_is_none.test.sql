-- Test: available_slots, require_window, is_thinkable - refuses a window that is incomplete, infinite, inverted or too long. SCH-05.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, horizon_days => 730);

create function pg_temp.refusal() returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform app_public.available_slots(tests.id('visits'), '2027-03-01 00:00Z', '2028-04-05 00:00Z');
  return null;
exception when sqlstate 'RX400' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb;
end;
$$;
grant execute on function pg_temp.refusal to public;

select tests.act_as('a visitor');
prepare slots(timestamptz, timestamptz) as select count(*) from app_public.available_slots(tests.id('visits'), $1, $2);
select throws_ok($$execute slots(null, '2027-03-09')$$, 'RX400', 'window_incomplete', 'no beginning');
select throws_ok($$execute slots('2027-03-08', null)$$, 'RX400', 'window_incomplete', 'no end');
select throws_ok($$execute slots('-infinity', '2027-03-09')$$, 'RX400', 'window_infinite', 'since ever');
select throws_ok($$execute slots('2027-03-08', 'infinity')$$, 'RX400', 'window_infinite', 'for ever');
select throws_ok($$execute slots('2027-03-09', '2027-03-08')$$, 'RX400', 'window_inverted', 'backwards');
select throws_ok($$execute slots('1999-12-31 00:00Z', '2000-01-02 00:00Z')$$, 'RX400', 'window_out_of_range', 'from another century');
select throws_ok($$execute slots('2199-12-31 00:00Z', '2200-01-02 00:00Z')$$, 'RX400', 'window_out_of_range', 'into another century');
select lives_ok($$execute slots('2000-01-01 00:00Z', '2000-01-02 00:00Z')$$, 'from its first moment');
select lives_ok($$execute slots('2199-12-31 00:00Z', '2200-01-01 00:00Z')$$, 'to its last');
select throws_ok($$execute slots('2027-03-01 00:00Z', '2027-05-02 00:00:00.000001Z')$$, 'RX400', 'window_too_long',
  'more than 62 days');
select lives_ok($$execute slots('2027-03-01 00:00Z', '2027-05-02 00:00Z')$$, '62 days are not too long');
select tests.act_as('horia');
select throws_ok($$execute slots('2027-03-01 00:00Z', '2027-05-03 00:00Z')$$, 'RX400', 'window_too_long',
  'staff of another clinic get no more than a visitor');
select tests.act_as('maria');
select is((select count(*) from app_public.available_slots(tests.id('visits'), '2027-03-01 00:00Z', '2028-04-04 00:00Z')),
  58::bigint, 'staff of the clinic get 400 days');
select throws_ok($$execute slots('2027-03-01 00:00Z', '2028-04-04 00:00:01Z')$$, 'RX400', 'window_too_long',
  'and no more');
select is(pg_temp.refusal(), '{"rule": "window_too_long", "maxDays": 400}', 'the refusal names the rule and says how many days are possible');
select * from finish();
rollback;
