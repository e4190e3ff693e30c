-- Test: available_slots, starts_with_whom, timetables_alike - what is looked at for several at once is what each of them has. SCH-05.
begin;
select plan(9);
select tests.freeze_time('2027-03-05 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "13:00"]], "tue": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "13:00"]], "tue": [["09:00", "12:00"]]}');
select tests.specialist('carmen', weekly => '{"mon": [["09:00", "13:00"]], "tue": [["09:00", "12:00"]]}');
select tests.specialist('dan', weekly => '{"mon": [["10:00", "14:00"]], "sun": [["23:00", "02:00"]]}');
select tests.specialist('ema', weekly => '{"mon": [["07:30", "11:30"]]}', timezone => 'Europe/London');
select tests.specialist('florin', weekly => '{}');
select tests.override('bogdan', 'closed', '2027-03-09');
select tests.override('carmen', 'closed', '2027-03-08', starts => '09:00', ends => '10:00');
select tests.claim('ana', '2027-03-08 11:00+02');
select tests.claim('bogdan', '2027-03-08 11:00+02');
select tests.claim('dan', '2027-03-08 12:30+02', minutes => 30);
-- A Monday later, when clocks have changed, with nobody there at ten.
select tests.claim(name, '2027-03-29 10:00+03') from unnest('{ana,bogdan,carmen,dan}'::text[]) as name;

select tests.calendar('choose', specialists => '{ana,bogdan,carmen,dan,ema,florin}', minutes => 60, step_minutes => 30,
  strategy => 'specific', buffer_after_minutes => 10);
select tests.calendar('pool', specialists => '{ana,bogdan,carmen,dan,ema,florin}', minutes => 60, step_minutes => 30,
  buffer_after_minutes => 10);
select tests.calendar('alone', specialists => '{ana}', minutes => 60, step_minutes => 30, strategy => 'specific');
select tests.calendar('nobody', specialists => '{florin}', minutes => 60, strategy => 'specific');

create temporary view singly as
  select f.starts_at, array_agg(f.specialist_id order by f.specialist_id) as specialist_ids
  from app_private.free_starts(tests.id('choose'), '2027-03-06 00:00+02', '2027-04-01 00:00+03') as f
  group by f.starts_at;

select is(
  (select array_agg(distinct cardinality(specialist_ids)) from singly), '{1,2,3,4,5}',
  'of some starts all five are free, of others fewer');
select is(
  (select count(*)::int from app_private.timetables_alike(tests.id('choose'), '2027-03-06 00:00+02', '2027-04-01 00:00+03')),
  4, 'three have the same hours, and three have others or none');
select results_eq(
  $$select starts_at, specialist_ids
    from app_private.starts_with_whom(tests.id('choose'), '2027-03-06 00:00+02', '2027-04-01 00:00+03') order by starts_at$$,
  $$select starts_at, specialist_ids from singly order by starts_at$$,
  'with whom a start can be booked is who has it');
select results_eq(
  $$select starts_at, ends_at, specialist_ids
    from app_public.available_slots(tests.id('choose'), '2027-03-06 00:00+02', '2027-04-01 00:00+03')$$,
  $$select starts_at, starts_at + interval '60 minutes', specialist_ids from singly order by starts_at$$,
  'and so it is listed');
select results_eq(
  $$select starts_at, ends_at, specialist_ids
    from app_public.available_slots(tests.id('pool'), '2027-03-06 00:00+02', '2027-04-01 00:00+03')$$,
  $$select starts_at, starts_at + interval '60 minutes', '{}'::uuid[] from singly order by starts_at$$,
  'a clinic that assigns lists the same starts');
select results_eq(
  $$select n.name, s.starts_at, s.specialist_ids
    from tests.names as n
    cross join lateral app_public.available_slots(
      tests.id('choose'), '2027-03-06 00:00+02', '2027-04-01 00:00+03', n.id) as s
    where n.name = any ('{ana,bogdan,carmen,dan,ema,florin}') order by 1, 2$$,
  $$select n.name, singly.starts_at, array[n.id] from singly join tests.names as n on n.id = any (singly.specialist_ids)
    order by 1, 2$$,
  'each of them alone has theirs');
select results_eq(
  $$select starts_at, specialist_ids
    from app_public.available_slots(tests.id('alone'), '2027-03-06 00:00+02', '2027-04-01 00:00+03')$$,
  $$select starts_at, specialist_ids
    from app_private.starts_with_whom(tests.id('alone'), '2027-03-06 00:00+02', '2027-04-01 00:00+03') order by starts_at$$,
  'a calendar with one specialist is listed as if there were more');
select is_empty(
  $$select from app_public.available_slots(tests.id('nobody'), '2027-03-06 00:00+02', '2027-04-01 00:00+03')$$,
  'where nobody has hours nothing is listed');
select is_empty(
  $$select from app_private.starts_with_whom(tests.id('choose'), '2027-03-06 00:00+02', '2027-03-06 00:00+02')$$,
  'nor in a window without length');
select * from finish();
rollback;
