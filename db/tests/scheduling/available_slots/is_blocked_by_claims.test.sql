-- Test: available_slots, timetables - every kind of live claim blocks; released and expired ones do not. SCH-05, SCH-06.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "13:00"]]}');
select tests.specialist('bogdan', weekly => '{}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.remember('held', tests.claim('ana', '2027-03-08 09:00+02', 60, 'hold'));
select tests.remember('booked', tests.claim('ana', '2027-03-08 10:00+02'));
select tests.claim('ana', '2027-03-08 11:00+02', 60, 'request');
select tests.claim('ana', '2027-03-08 12:00+02', 60, 'block');
select tests.claim('bogdan', '2027-03-15 09:00+02');

select is(tests.day('visits', '2027-03-08'), '', 'a hold, an appointment, a request and a block');
select is(tests.day('visits', '2027-03-15'), '09:00 10:00 11:00 12:00', 'other people''s claims do not');
select tests.freeze_time('2027-03-01 08:09:59.999999+02');
select is(tests.day('visits', '2027-03-08'), '', 'a hold blocks while it lasts');
select tests.freeze_time('2027-03-01 08:10+02');
select is(tests.day('visits', '2027-03-08'), '09:00', 'and no longer, though nobody has tidied it');
update app_private.time_claims set released_at = app_hidden.now() where id = tests.id('booked');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00', 'a cancelled appointment frees its time');

select tests.claim('ana', '2027-03-15 09:59+02', 1);
select is(tests.day('visits', '2027-03-15'), '10:00 11:00 12:00', 'an overlap of a minute is one');
select tests.claim('ana', '2027-03-22 08:30+02', 30);
select is(tests.day('visits', '2027-03-22'), '09:00 10:00 11:00 12:00', 'touching is none');
select tests.claim('ana', '2027-03-28 08:30+03', 3000);
select is(tests.day('visits', '2027-03-29'), '', 'a claim of days blocks them');
select tests.hold('kept', 'visits', 'ana', '2027-04-05 09:00+03');
select is(
  (select min(s.starts_at) from app_public.available_slots(tests.id('visits'), '2027-04-05 00:00+03', '2027-04-06 00:00+03', hold_token => tests.token('kept')) as s),
  '2027-04-05 09:00+03', 'nor does a hold to whoever shows its token');
select * from finish();
rollback;
