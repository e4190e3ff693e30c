-- Test: available_slots, timetables - closed beats replaced, replaced beats weekly, extra adds, closed beats extra. SCH-01, SCH-05.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]], "tue": [["09:00", "11:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);

select tests.override('ana', 'replace', '2027-03-08', starts => '14:00', ends => '16:00');
select is(tests.day('visits', '2027-03-08'), '14:00 15:00', 'other hours on a date replace the weekly ones');
select tests.override('ana', 'replace', '2027-03-08', starts => '18:00', ends => '19:00');
select is(tests.day('visits', '2027-03-08'), '14:00 15:00 18:00', 'and may be several');
select is(tests.day('visits', '2027-03-15'), '09:00 10:00 11:00', 'the next week is as usual');

select tests.override('ana', 'extra', '2027-03-15', starts => '16:00', ends => '17:00');
select is(tests.day('visits', '2027-03-15'), '09:00 10:00 11:00 16:00', 'extra hours add to the weekly ones');
select tests.override('ana', 'extra', '2027-03-08', starts => '20:00', ends => '21:00');
select is(tests.day('visits', '2027-03-08'), '14:00 15:00 18:00 20:00', 'and to replaced ones');
select tests.override('ana', 'extra', '2027-03-15', starts => '12:00', ends => '13:30');
select is(tests.day('visits', '2027-03-15'), '09:00 10:00 11:00 12:00 16:00', 'extra hours that touch continue the window');
select tests.override('ana', 'extra', '2027-03-17', starts => '23:00', ends => '01:00');
select is(tests.starts('visits', '2027-03-17 00:00+02', '2027-03-19 00:00+02'), '03-17 23:00, 03-18 00:00',
  'extra hours open a day that has none, past midnight if they say so');

select tests.override('ana', 'closed', '2027-03-08', '2027-03-09');
select is(tests.starts('visits', '2027-03-08 00:00+02', '2027-03-10 00:00+02'), '',
  'closed beats replaced, extra and weekly hours; both dates of a vacation are inclusive');
select is(tests.day('visits', '2027-03-16'), '09:00 10:00', 'the day a week after it is open');

select tests.override('ana', 'closed', '2027-03-15', starts => '10:30', ends => '12:00');
select is(tests.day('visits', '2027-03-15'), '09:00 12:00 16:00', 'part of a day can be closed; slots may touch it');

select tests.override('ana', 'closed', '2027-03-22', '2027-04-20', '09:00', '10:00');
select is(tests.starts('visits', '2027-03-22 00:00+02', '2027-04-06 00:00+03'),
  '03-22 10:00, 03-22 11:00, 03-23 10:00, 03-29 10:00, 03-29 11:00, 03-30 10:00, 04-05 10:00, 04-05 11:00',
  'the same part of every day of a range, whatever the clocks do');
select tests.override('ana', 'closed', '2027-04-25', starts => '22:00', ends => '10:30');
select is(tests.day('visits', '2027-04-26'), '11:00', 'a partial closing may run past midnight');
select tests.override('ana', 'closed', '2027-03-16', starts => '08:10', ends => '09:10');
select is(tests.day('visits', '2027-03-16'), '10:00', 'a closing that begins before the hours does not move their grid');
select * from finish();
rollback;
