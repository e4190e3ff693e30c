-- Test: available_slots, timetables - touching windows of one specialist are one, of two specialists never. SCH-05.
begin;
select plan(5);
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

select tests.specialist('ema', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.specialist('florin', weekly => '{"mon": [["10:00", "11:00"]]}');
select tests.specialist('gina', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('three', specialists => '{ema,florin,gina}', minutes => 60);
select results_eq(
  $$select n.name, to_char(f.starts_at at time zone 'Europe/Bucharest', 'HH24:MI')
    from app_private.free_starts(tests.id('three'), '2027-03-08 00:00+02', '2027-03-09 00:00+02') as f
    join tests.names as n on n.id = f.specialist_id order by 1, 2$$,
  $$values ('ema', '09:00'), ('ema', '10:00'), ('florin', '10:00'), ('gina', '09:00')$$,
  'hours that begin or end together are each specialist''s own');
select * from finish();
rollback;
