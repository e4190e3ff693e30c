-- Test: available_slots, require_choice - names specialists where the visitor picks, and nowhere else. SCH-02, SCH-05.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["10:00", "12:00"]]}');
select tests.specialist('carmen', weekly => '{"mon": [["10:00", "12:00"]]}');
select tests.calendar('pick', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
select tests.calendar('same service elsewhere', specialists => '{carmen}', minutes => 60, service => 'service of pick');
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);

select tests.act_as('a visitor');
select results_eq(
  $$select specialist_ids from app_public.available_slots(tests.id('pick'), '2027-03-08 00:00+02', '2027-03-09 00:00+02')$$,
  $$values (array[tests.id('ana')]),
           ((select array_agg(id order by id) from unnest(array[tests.id('ana'), tests.id('bogdan')]) as id)),
           (array[tests.id('bogdan')])$$,
  'who is free at each start, in a stable order');
select is(tests.day('pick', '2027-03-08', 'ana'), '09:00 10:00', 'or the starts of one specialist');
select throws_ok($$select tests.day('pick', '2027-03-08', 'carmen')$$, 'RX400', 'unknown_specialist',
  'a specialist who is not in the calendar is refused');
select throws_ok(
  $$select app_public.available_slots(tests.id('pick'), '2027-03-08', '2027-03-09', '0190a000-0000-7000-8000-000000000000')$$,
  'RX400', 'unknown_specialist', 'exactly like one who does not exist');
select is(
  (select sum(cardinality(specialist_ids))
   from app_public.available_slots(tests.id('pool'), '2027-03-08 00:00+02', '2027-03-09 00:00+02')),
  0::bigint, 'where the clinic assigns nobody is named');
select throws_ok($$select tests.day('pool', '2027-03-08', 'ana')$$, 'RX400', 'specialist_is_assigned',
  'nor may the visitor ask about one');
select throws_ok($$select tests.day('pool', '2027-03-08', 'carmen')$$, 'RX400', 'specialist_is_assigned',
  'whoever it is');
select tests.act_as('maria');
select is(tests.day('pool', '2027-03-08', 'ana'), '09:00 10:00', 'staff may');
select throws_ok($$select tests.day('pool', '2027-03-08', 'carmen')$$, 'RX400', 'unknown_specialist', 'about those in the calendar');
select tests.act_as('the database');
delete from app_public.service_specialists where specialist_id = tests.id('bogdan') and service_id = tests.id('service of pick');
select tests.act_as('a visitor');
select throws_ok($$select tests.day('pick', '2027-03-08', 'bogdan')$$, 'RX400', 'unknown_specialist', 'who does not provide the service is nobody here');
select is(tests.day('pick', '2027-03-08', 'ana'), '09:00 10:00', 'whoever does is');
select tests.act_as('the database');
update app_public.specialists set scheduling_active = false where id = tests.id('ana');
select tests.act_as('a visitor');
select throws_ok($$select tests.day('pick', '2027-03-08', 'ana')$$, 'RX400', 'unknown_specialist', 'unless they are switched off');
select tests.act_as('the database');
update app_public.specialists set scheduling_active = true, deleted_at = app_hidden.now() where id = tests.id('ana');
select tests.act_as('a visitor');
select throws_ok($$select tests.day('pick', '2027-03-08', 'ana')$$, 'RX400', 'unknown_specialist', 'or removed');
select * from finish();
rollback;
