-- Test: available_slots, timetables - hours may run past midnight, and a slot may span it. SCH-01, SCH-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');

select tests.specialist('night', weekly => '{"sun": [["22:00", "02:00"]]}');
select tests.calendar('nights', specialists => '{night}', minutes => 90);
select is(tests.starts('nights', '2027-03-07 12:00+02', '2027-03-08 12:00+02'), '03-07 22:00, 03-07 23:30',
  'from Sunday into Monday; the second slot spans midnight');
select is(tests.starts('nights', '2027-03-08 00:00+02', '2027-03-08 12:00+02'), '',
  'which counts by its start');
select tests.calendar('short nights', specialists => '{night}', minutes => 60);
select is(tests.starts('short nights', '2027-03-08 00:00+02', '2027-03-08 12:00+02'), '03-08 00:00, 03-08 01:00',
  'the hours after midnight are found from the day before');

select tests.specialist('late', weekly => '{"mon": [["22:00", "24:00"]], "tue": [["00:00", "02:00"]]}');
select tests.calendar('late hours', specialists => '{late}', minutes => 90);
select is(tests.starts('late hours', '2027-03-08 12:00+02', '2027-03-09 12:00+02'), '03-08 22:00, 03-08 23:30',
  '24:00 is real, and hours that touch are one window whose grid counts from the first');
select is(tests.starts('late hours', '2027-03-09 00:00+02', '2027-03-09 12:00+02'), '',
  'seen from after midnight too: 00:00 is not on that grid');

select tests.specialist('day', weekly => '{"mon": [["00:00", "24:00"]]}');
select tests.calendar('whole day', specialists => '{day}', minutes => 360);
select is(tests.starts('whole day', '2027-03-07 00:00+02', '2027-03-10 00:00+02'),
  '03-08 00:00, 03-08 06:00, 03-08 12:00, 03-08 18:00', 'a whole day ends at 24:00');

select tests.specialist('overlap', weekly => '{"mon": [["09:00", "11:00"], ["10:20", "12:00"]]}');
select tests.calendar('overlapping', specialists => '{overlap}', minutes => 60);
select is(tests.day('overlapping', '2027-03-08'), '09:00 10:00 11:00', 'hours that overlap are one window');

select tests.override('night', 'closed', '2027-03-08');
select is(tests.starts('short nights', '2027-03-07 12:00+02', '2027-03-08 12:00+02'), '03-07 22:00, 03-07 23:00',
  'a closed Monday closes the part of the night that is Monday''s');
select tests.override('night', 'replace', '2027-03-15', starts => '09:00', ends => '10:00');
select is(tests.starts('short nights', '2027-03-14 12:00+02', '2027-03-15 12:00+02'),
  '03-14 22:00, 03-14 23:00, 03-15 00:00, 03-15 01:00, 03-15 09:00',
  'other hours on Monday replace Monday''s, not the night that began on Sunday');
select * from finish();
rollback;
