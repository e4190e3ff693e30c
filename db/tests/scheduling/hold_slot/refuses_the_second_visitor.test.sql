-- Test: hold_slot - the second visitor is refused and leaves nothing behind. SCH-06.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.calendar('checks', specialists => '{ana}', minutes => 30);

select tests.act_as('a visitor');
select lives_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'the first visitor holds nine o''clock');

select tests.act_as('another visitor');
select throws_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'RXSLT', 'slot_taken',
  'the second visitor is told that it is taken');
select throws_ok($$select app_public.hold_slot(tests.id('checks'), '2027-03-08 09:30+02')$$, 'RXSLT', 'slot_taken',
  'in another calendar of the same specialist too');
select tests.act_as('maria');
select throws_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'RXSLT', 'slot_taken',
  'nor can staff take it away');

select tests.act_as('the database');
select is((select count(*) from app_private.time_claims), 1::bigint, 'one claim stands');
select is((select count(*) from app_private.events where name like 'slot.%'), 1::bigint, 'and one event was published');
create function pg_temp.refusal() returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02');
  return null;
exception when sqlstate 'RXSLT' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail;
end;
$$;
select is(pg_temp.refusal()::jsonb,
  jsonb_build_object('calendarId', tests.id('visits'), 'startsAt', '2027-03-08 09:00+02'::timestamptz),
  'nothing rides beside the refusal but what was asked for');
select * from finish();
rollback;
