-- Test: available_slots, timetables - hours count in the specialist's zone, starts are told in the calendar's. SCH-05.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ann', weekly => '{"mon": [["09:00", "11:00"]]}', timezone => 'America/New_York');
select tests.specialist('ines', weekly => '{"mon": [["09:00", "11:00"]]}', timezone => 'Asia/Kolkata');
select tests.specialist('kiri', weekly => '{"mon": [["09:00", "11:00"]]}', timezone => 'Pacific/Kiritimati');
select tests.specialist('pago', weekly => '{"mon": [["21:00", "23:00"]]}', timezone => 'Pacific/Pago_Pago');
select tests.calendar('new york', specialists => '{ann}', minutes => 60, timezone => 'America/New_York');
select tests.calendar('kolkata', specialists => '{ines}', minutes => 60, timezone => 'Asia/Kolkata');
select tests.calendar('remote', specialists => '{ann,ines}', minutes => 60);
select tests.calendar('east', specialists => '{kiri}', minutes => 60);
select tests.calendar('west', specialists => '{pago}', minutes => 60);

select is((select array_agg(local_start order by starts_at) from app_public.available_slots(
    tests.id('new york'), '2027-03-08 00:00Z', '2027-03-09 00:00Z')),
  '{2027-03-08T09:00:00-05:00,2027-03-08T10:00:00-05:00}', 'an offset west of Greenwich');
select is((select array_agg(local_start order by starts_at) from app_public.available_slots(
    tests.id('kolkata'), '2027-03-08 00:00Z', '2027-03-09 00:00Z')),
  '{2027-03-08T09:00:00+05:30,2027-03-08T10:00:00+05:30}', 'an offset of half an hour');
select is(tests.day('remote', '2027-03-08'), '05:30 06:30 16:00 17:00', 'in one calendar, told in its zone');
select results_eq(
  $$select n.name, to_char(f.starts_at at time zone 'Europe/Bucharest', 'HH24:MI')
    from app_private.free_starts(tests.id('remote'), '2027-03-08 00:00+02', '2027-03-09 00:00+02') as f
    join tests.names as n on n.id = f.specialist_id order by 1, 2$$,
  $$values ('ann', '16:00'), ('ann', '17:00'), ('ines', '05:30'), ('ines', '06:30')$$, 'hours that clocks show alike are not the same');
select is(tests.day('remote', '2027-03-15'), '05:30 06:30 15:00 16:00', 'New York changed its clocks, Romania not yet');
select is(tests.starts('east', '2027-03-07 00:00Z', '2027-03-09 00:00Z'), '03-07 21:00, 03-07 22:00',
  'Monday in Kiritimati begins on Sunday, ten hours UTC');
select is(tests.starts('west', '2027-03-09 00:00Z', '2027-03-10 00:00Z'), '03-09 10:00, 03-09 11:00',
  'Monday night in Pago Pago is Tuesday morning UTC');
select * from finish();
rollback;
