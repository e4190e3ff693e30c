-- Test: available_slots, timetables - the night clocks go back has 25 hours. SCH-05.
begin;
select plan(6);
-- In Romania 2027-10-31 04:00 is 03:00 again.
select tests.freeze_time('2027-10-20 08:00+03');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"sun": [["00:00", "24:00"]]}');
select tests.calendar('hours', specialists => '{ana}', minutes => 60);

select is((select count(*) from app_public.available_slots(
    tests.id('hours'), '2027-10-31 00:00 Europe/Bucharest', '2027-11-01 00:00 Europe/Bucharest')), 25::bigint,
  'a full day is 25 hours');
select is((select array_agg(local_start order by starts_at)
           from app_public.available_slots(tests.id('hours'), '2027-10-30 23:00Z', '2027-10-31 03:00Z')),
  '{2027-10-31T02:00:00+03:00,2027-10-31T03:00:00+03:00,2027-10-31T03:00:00+02:00,2027-10-31T04:00:00+02:00}',
  'three o''clock comes twice, told apart by the offset');

select tests.specialist('over', weekly => '{"sun": [["02:00", "04:00"]]}');
select tests.calendar('over the change', specialists => '{over}', minutes => 60);
select is((select array_agg(starts_at order by starts_at) from app_public.available_slots(
    tests.id('over the change'), '2027-10-30 12:00Z', '2027-10-31 12:00Z')),
  array['2027-10-30 23:00Z', '2027-10-31 00:00Z', '2027-10-31 01:00Z']::timestamptz[],
  'two hours on the clock are three in time');

select tests.specialist('twice', weekly => '{"sun": [["03:00", "04:00"]]}');
select tests.calendar('the hour that comes twice', specialists => '{twice}', minutes => 30);
select is((select array_agg(starts_at order by starts_at) from app_public.available_slots(
    tests.id('the hour that comes twice'), '2027-10-30 12:00Z', '2027-10-31 12:00Z')),
  array['2027-10-31 01:00Z', '2027-10-31 01:30Z']::timestamptz[],
  'an hour that comes twice is the second one, in winter time');

select tests.specialist('morning', weekly => '{"sun": [["09:00", "11:00"]]}');
select tests.calendar('mornings', specialists => '{morning}', minutes => 60);
select is(tests.starts('mornings', '2027-10-24 00:00+03', '2027-11-08 00:00+02'),
  '10-24 09:00, 10-24 10:00, 10-31 09:00, 10-31 10:00, 11-07 09:00, 11-07 10:00', 'nine o''clock stays nine o''clock');
select results_eq(
  $$select local_start from app_public.available_slots(tests.id('mornings'), '2027-10-24 00:00+03', '2027-11-01 00:00+02')$$,
  array['2027-10-24T09:00:00+03:00', '2027-10-24T10:00:00+03:00', '2027-10-31T09:00:00+02:00', '2027-10-31T10:00:00+02:00'],
  'on either side of the change');
select * from finish();
rollback;
