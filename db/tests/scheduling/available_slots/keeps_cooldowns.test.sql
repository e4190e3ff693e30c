-- Test: available_slots, timetables - a claim's cooldown is frozen with it, and the new slot's own must fit too. SCH-02, SCH-05.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "13:00"]]}');
select tests.calendar('plain', specialists => '{ana}', minutes => 30);
select tests.calendar('careful', specialists => '{ana}', minutes => 30, buffer_before_minutes => 10, buffer_after_minutes => 25);

select is(tests.day('careful', '2027-03-08'), '09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30',
  'the cooldown may run past opening and closing time');

select tests.act_as('a visitor');
select lives_ok($$select app_public.hold_slot(tests.id('careful'), '2027-03-08 10:30+02')$$, 'half past ten is held with its cooldown');
select is(tests.day('plain', '2027-03-08'), '09:00 09:30 11:30 12:00 12:30',
  'which blocks from 10:20 to 11:25 in every calendar');
select is(tests.day('careful', '2027-03-08'), '09:00 12:00 12:30',
  'and 09:30 with its own cooldown would last into it, 11:30 begin in it');

select tests.act_as('the database');
update app_public.calendars set buffer_before_minutes = 0, buffer_after_minutes = 0 where id = tests.id('careful');
select is(tests.day('plain', '2027-03-08'), '09:00 09:30 11:30 12:00 12:30', 'changing the setting does not change what is claimed');
select is(tests.day('careful', '2027-03-08'), '09:00 09:30 11:30 12:00 12:30', 'but counts for the next slot');
update app_public.calendars set buffer_before_minutes = 10, buffer_after_minutes = 25 where id = tests.id('plain');
select is(tests.day('plain', '2027-03-08'), '09:00 12:00 12:30', 'the new slot brings its own');
select * from finish();
rollback;
