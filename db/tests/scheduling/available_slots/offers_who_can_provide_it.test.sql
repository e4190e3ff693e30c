-- Test: available_slots, timetables - only specialists of the calendar who provide its service and are scheduled. SCH-03, SCH-05.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["11:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana,bogdan}', minutes => 60);
select is(tests.day('visits', '2027-03-08'), '09:00 11:00', 'both');

update app_public.specialists set scheduling_active = false where id = tests.id('ana');
select is(tests.day('visits', '2027-03-08'), '11:00', 'not who is not scheduled');
update app_public.specialists set scheduling_active = true, deleted_at = app_hidden.now() where id = tests.id('ana');
select is(tests.day('visits', '2027-03-08'), '11:00', 'nor who has left');
update app_public.specialists set deleted_at = null where id = tests.id('ana');
select is(tests.day('visits', '2027-03-08'), '09:00 11:00', 'who is back is offered again');
delete from app_public.service_specialists where specialist_id = tests.id('ana');
select is(tests.day('visits', '2027-03-08'), '11:00', 'nor who does not provide the service');
delete from app_public.calendar_specialists where specialist_id = tests.id('bogdan');
select is(tests.day('visits', '2027-03-08'), '', 'nor who is not in the calendar');
select * from finish();
rollback;
