-- Test: available_slots, timetables - touching windows of one specialist are one, of two specialists never. SCH-05.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:30"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["10:30", "12:00"]]}');
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
select is(tests.day('pool', '2027-03-08'), '09:00 10:30', 'nobody is there from ten to eleven');

select tests.specialist('carmen', weekly => '{"mon": [["09:00", "10:30"], ["10:30", "12:00"]]}');
select tests.calendar('one', specialists => '{carmen}', minutes => 60);
select is(tests.day('one', '2027-03-08'), '09:00 10:00 11:00', 'one specialist may be');

select tests.specialist('dan', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('two', specialists => '{carmen,dan}', minutes => 60);
select is(tests.day('two', '2027-03-08'), '09:00 10:00 11:00', 'a start that two offer is listed once');
select tests.claim('carmen', '2027-03-08 10:00+02');
select is(tests.day('two', '2027-03-08'), '09:00 10:00 11:00', 'and stays while one of them is free');
select * from finish();
rollback;
