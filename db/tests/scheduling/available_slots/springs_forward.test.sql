-- Test: available_slots, timetables - the night clocks go forward has 23 hours and no error. SCH-05.
begin;
select plan(7);
-- In Romania 2027-03-28 03:00 is 04:00.
select tests.freeze_time('2027-03-20 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"sun": [["00:00", "24:00"]]}');
select tests.calendar('hours', specialists => '{ana}', minutes => 60);

select is(tests.day('hours', '2027-03-28'),
  '00:00 01:00 02:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00',
  'a full day is 23 hours, and three o''clock does not exist');
select is((select array_agg(local_start order by starts_at)
           from app_public.available_slots(tests.id('hours'), '2027-03-28 00:00Z', '2027-03-28 02:00Z')),
  '{2027-03-28T02:00:00+02:00,2027-03-28T04:00:00+03:00}', 'the offset changes between two starts');

select tests.specialist('gap', weekly => '{"sun": [["03:00", "04:00"]]}');
select tests.calendar('in the gap', specialists => '{gap}', minutes => 15);
select is(tests.day('in the gap', '2027-03-28'), '', 'hours inside the gap are empty, not an error');
select is(tests.day('in the gap', '2027-04-04'), '03:00 03:15 03:30 03:45', 'and back a week later');

select tests.specialist('half', weekly => '{"sun": [["03:30", "04:00"]]}');
select tests.calendar('half in the gap', specialists => '{half}', minutes => 15);
select is(tests.day('half in the gap', '2027-03-28'), '', 'nor do hours that would end before they start');

select tests.specialist('over', weekly => '{"sun": [["02:00", "05:00"]]}');
select tests.calendar('over the gap', specialists => '{over}', minutes => 50);
select is(tests.day('over the gap', '2027-03-28'), '02:00 02:50',
  'steps are elapsed minutes: from 02:00 to 05:00 there are two hours, and the second slot ends at 04:40');

select tests.freeze_time('2027-03-27 23:30Z');
update app_public.calendars set notice_minutes = 60 where id = tests.id('hours');
select is(tests.starts('hours', '2027-03-28 00:00Z', '2027-03-28 04:00Z'), '03-28 04:00, 03-28 05:00, 03-28 06:00',
  'an hour''s notice at 01:30 is elapsed time: 02:00 is too soon, 04:00 (01:00 UTC) is not');
select * from finish();
rollback;
