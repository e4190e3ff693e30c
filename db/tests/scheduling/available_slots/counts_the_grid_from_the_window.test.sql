-- Test: available_slots, starts_within, grid - nothing but the hours moves the grid of starts. SCH-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:10", "12:00"]]}');
select tests.calendar('long', specialists => '{ana}', minutes => 40);
select tests.calendar('dense', specialists => '{ana}', minutes => 40, step_minutes => 15);
select tests.calendar('sparse', specialists => '{ana}', minutes => 40, step_minutes => 60);

select is(tests.day('long', '2027-03-08'), '09:10 09:50 10:30 11:10', 'the step is the duration when none is set');
select is(tests.day('dense', '2027-03-08'), '09:10 09:25 09:40 09:55 10:10 10:25 10:40 10:55 11:10',
  'a short step overlaps slots');
select is(tests.day('sparse', '2027-03-08'), '09:10 10:10 11:10', 'a long step leaves gaps');

select is(tests.starts('long', '2027-03-08 09:33+02', '2027-03-08 12:00+02'), '03-08 09:50, 03-08 10:30, 03-08 11:10',
  'a query from the middle sees the same grid');
select tests.freeze_time('2027-03-08 09:33+02');
select is(tests.day('long', '2027-03-08'), '09:50 10:30 11:10', 'the present removes starts and moves none');
select tests.freeze_time('2027-03-01 08:00+02');

select tests.claim('ana', '2027-03-08 09:15+02', 10);
select is(tests.day('long', '2027-03-08'), '09:50 10:30 11:10', 'a booking off the grid removes what it overlaps and moves none');
select is(tests.day('dense', '2027-03-08'), '09:25 09:40 09:55 10:10 10:25 10:40 10:55 11:10', 'on every grid');
select tests.override('ana', 'closed', '2027-03-08', starts => '10:00', ends => '10:35');
select is(tests.day('long', '2027-03-08'), '11:10', 'a closing removes what it overlaps and moves none');
select is(tests.day('dense', '2027-03-08'), '10:40 10:55 11:10', 'and a slot may touch neither');
select * from finish();
rollback;
