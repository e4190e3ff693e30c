-- Test: available_slots, timetables - lists the free starts of a window, counted by their start. SCH-05.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"], ["14:00", "15:30"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.claim('ana', '2027-03-08 10:00+02');

select tests.act_as('a visitor');
select results_eq(
  $$select starts_at, ends_at, local_start, specialist_ids
    from app_public.available_slots(tests.id('visits'), '2027-03-08 00:00+02', '2027-03-09 00:00+02')$$,
  $$values
    ('2027-03-08 09:00+02'::timestamptz, '2027-03-08 10:00+02'::timestamptz, '2027-03-08T09:00:00+02:00', '{}'::uuid[]),
    ('2027-03-08 11:00+02', '2027-03-08 12:00+02', '2027-03-08T11:00:00+02:00', '{}'),
    ('2027-03-08 14:00+02', '2027-03-08 15:00+02', '2027-03-08T14:00:00+02:00', '{}')$$,
  'instants, the local start, and nobody''s name where the clinic assigns');
select is(tests.starts('visits', '2027-03-08 09:00+02', '2027-03-08 11:00+02'), '03-08 09:00',
  'from is inclusive, to is exclusive');
select is(tests.starts('visits', '2027-03-08 09:00:00.000001+02', '2027-03-08 11:00:00.000001+02'), '03-08 11:00',
  'to the microsecond');
select is(tests.starts('visits', '2027-03-08 14:30+02', '2027-03-08 15:30+02'), '',
  'a slot that would end after the hours is none');
select is(tests.starts('visits', '2027-03-09 00:00+02', '2027-03-15 00:00+02'), '', 'other weekdays have none');
select is(tests.starts('visits', '2027-03-08 09:00+02', '2027-03-08 09:00+02'), '', 'an empty window has none');
select is(tests.starts('visits', '2020-03-02 00:00+02', '2020-03-03 00:00+02'), '', 'the past has none');
select * from finish();
rollback;
