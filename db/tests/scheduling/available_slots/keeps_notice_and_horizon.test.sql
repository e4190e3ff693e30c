-- Test: available_slots, verdicts, timetables - minimum notice is inclusive elapsed time, the horizon ends with a local date. SCH-02, SCH-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-08 09:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]], "tue": [["00:00", "02:00"]], "wed": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, notice_minutes => 120, horizon_days => 1);

select is(tests.starts('visits', '2027-03-01 00:00+02', '2027-03-30 00:00+03'), '03-08 11:00, 03-09 00:00, 03-09 01:00',
  'a start at exactly now plus notice is listed; today plus one is the last date, all of it');
select tests.freeze_time('2027-03-08 09:00:00.000001+02');
select is(tests.day('visits', '2027-03-08'), '', 'a microsecond later it is too soon');

select tests.freeze_time('2027-03-08 23:59+02');
select is(tests.starts('visits', '2027-03-01 00:00+02', '2027-03-30 00:00+03'), '', 'today is the local date of now');
select tests.freeze_time('2027-03-09 00:00+02');
select is(tests.starts('visits', '2027-03-01 00:00+02', '2027-03-30 00:00+03'), '03-10 09:00',
  'and moves on at local midnight');

update app_public.calendars set timezone = 'Asia/Tokyo' where id = tests.id('visits');
select tests.freeze_time('2027-03-08 17:30+02');
select is((select count(*) from app_public.available_slots(tests.id('visits'), '2027-03-10 00:00Z', '2027-03-11 00:00Z')), 1::bigint,
  'in the calendar''s zone: it is the ninth in Tokyo, so the tenth is within one day');

update app_public.calendars set timezone = 'Europe/Bucharest', notice_minutes = 0, horizon_days = 0 where id = tests.id('visits');
select tests.freeze_time('2027-03-08 10:00+02');
select is(tests.starts('visits', '2027-03-01 00:00+02', '2027-03-30 00:00+03'), '03-08 10:00, 03-08 11:00',
  'without notice a start that is now is listed, without horizon today only');
select throws_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-09 00:00+02')$$, 'RX400', 'beyond_horizon', 'midnight is tomorrow');
select lives_ok($$select app_public.release_hold((app_public.hold_slot(tests.id('visits'), '2027-03-08 10:00+02')).token)$$, 'a start that is now is held');
update app_public.calendars set horizon_days = 730 where id = tests.id('visits');
select is(tests.starts('visits', '2027-12-06 00:00+02', '2027-12-07 00:00+02'), '12-06 09:00, 12-06 10:00, 12-06 11:00',
  'a long horizon reaches far');
select * from finish();
rollback;
