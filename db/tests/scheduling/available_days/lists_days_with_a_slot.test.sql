-- Test: available_days - lists the local days on which something can be booked, no more and no less than available_slots. SCH-05.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]], "thu": [["22:00", "02:00"]]}');
select tests.specialist('bogdan', weekly => '{"wed": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana,bogdan}', minutes => 60);
select tests.calendar('pick', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');

select tests.act_as('a visitor');
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-08', '2027-03-15')),
  '{2027-03-08,2027-03-10,2027-03-11,2027-03-12}'::date[], 'by local date, from inclusive, to exclusive');
select is(array(select app_public.available_days(tests.id('pick'), '2027-03-08', '2027-03-15', tests.id('bogdan'))),
  '{2027-03-10}'::date[], 'for one specialist, where the visitor picks');
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-08', '2027-03-08')), '{}'::date[],
  'none in an empty range');
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-15', '2027-05-16')),
  array(select distinct left(s.local_start, 10)::date
        from app_public.available_slots(
          tests.id('visits'), '2027-03-15 00:00 Europe/Bucharest', '2027-05-16 00:00 Europe/Bucharest') as s
        order by 1),
  'the days of available_slots, across the change of the clocks');
select throws_ok($$select app_public.available_days(tests.id('visits'), '2027-03-15', '2027-05-17')$$, 'RX400', 'window_too_long',
  'more than 62 days are refused');
select throws_ok($$select app_public.available_days(tests.id('visits'), '2027-03-15', null)$$, 'RX400', 'window_incomplete',
  'no end too');
select throws_ok($$select app_public.available_days(tests.id('visits'), '2027-03-15', 'infinity')$$, 'RX400', 'window_infinite',
  'and one that never comes');
select throws_ok($$select app_public.available_days(tests.id('visits'), '-infinity', '2027-03-15')$$, 'RX400', 'window_infinite',
  'or that never began');
select throws_ok($$select app_public.available_days(tests.id('atlas'), '2027-03-15', '2027-03-16')$$, 'RX404', 'calendar_not_found',
  'a calendar that is none is not found');
select throws_ok($$select app_public.available_days(tests.id('visits'), '2027-03-15', '2027-03-16', tests.id('ana'))$$, 'RX400', 'specialist_is_assigned',
  'where the clinic assigns nobody is asked for');
select set_config('tests.token.own', (app_public.hold_slot(tests.id('visits'), '2027-03-15 09:00+02')).token, true) is not null;
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-15', '2027-03-16')), '{}'::date[], 'a day whose only time is held is not listed');
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-15', '2027-03-16', hold_token => tests.token('own'))), '{2027-03-15}'::date[],
  'but to whom it is held for');
select tests.act_as('the database');
select tests.claim('ana', '2027-03-08 09:00+02');
select is(array(select app_public.available_days(tests.id('visits'), '2027-03-08', '2027-03-10')), '{}'::date[],
  'a day that is booked out is not listed');
select * from finish();
rollback;
