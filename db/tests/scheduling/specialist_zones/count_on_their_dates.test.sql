-- Test: specialist_zones - on some dates a specialist works on other clocks. SCH-01, SCH-05.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'admin');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "11:00"]], "tue": [["22:00", "24:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, horizon_days => 365);
select tests.calendar('of the clinic', specialists => '{ana}', minutes => 60, horizon_days => 365);
select tests.calendar_hours('of the clinic', '{"mon": [["10:00", "12:00"]]}');
select tests.zone('ana', 'America/New_York', '2027-04-01', '2027-04-30');
create function pg_temp.utc(calendar text, day date) returns text language sql as $$
  select string_agg(to_char(s.starts_at at time zone 'UTC', 'DD HH24:MI'), ', ' order by s.starts_at)
  from app_public.available_slots(tests.id(calendar), day::timestamp at time zone 'UTC', (day + 2)::timestamp at time zone 'UTC') as s
$$;
select tests.act_as('a visitor');
select is(pg_temp.utc('visits', '2027-03-29'), '29 06:00, 29 07:00, 30 19:00, 30 20:00', 'before, on the clocks of home');
select is(pg_temp.utc('visits', '2027-04-05'), '05 13:00, 05 14:00', 'then on those of New York');
select is(pg_temp.utc('visits', '2027-04-07'), '07 02:00, 07 03:00', 'where Tuesday evening is Wednesday here');
select is(pg_temp.utc('visits', '2027-04-26'), '26 13:00, 26 14:00', 'until the last date');
select is(pg_temp.utc('visits', '2027-05-03'), '03 06:00, 03 07:00, 04 19:00, 04 20:00', 'and then at home again');
select is(pg_temp.utc('of the clinic', '2027-04-05'), '05 07:00, 05 08:00', 'a calendar''s own hours are on its clocks, wherever anybody is');

-- A closing of a date is that date where the specialist is, also across the move.
select tests.act_as('the database');
select tests.override('ana', 'closed', '2027-04-27', '2027-05-03');
select tests.override('ana', 'replace', '2027-04-12', starts => '08:00', ends => '09:00');
select tests.override('ana', 'closed', '2027-04-05', starts => '10:00', ends => '11:00');
select tests.act_as('a visitor');
select is(pg_temp.utc('visits', '2027-04-27'), null, 'Tuesday evening in New York is closed');
select is(pg_temp.utc('visits', '2027-05-03'), '04 19:00, 04 20:00', 'Monday at home too');
select is(pg_temp.utc('visits', '2027-04-12'), '12 12:00', 'other hours are on the clocks of their date');
select is(pg_temp.utc('visits', '2027-04-05'), '05 13:00', 'and so are partial closings');
select tests.act_as('the database');
select is(
  (select string_agg(to_char(lower(one) at time zone 'UTC', 'DD HH24:MI'), ', ' order by one)
   from app_private.working_hours(tests.id('atlas'), array[tests.id('ana')], '2027-04-12 00:00Z', '2027-04-15 00:00Z') as w, unnest(w.hours) as one
   where lower(one) >= '2027-04-12 10:00Z'),
  '12 12:00, 14 02:00', 'the screen of a clinic''s days says the same');

-- One zone a date, and who may say which.
select tests.act_as('olga');
select throws_ok(
  $$insert into app_public.specialist_zones (specialist_id, timezone, starts_on, ends_on) values (tests.id('ana'), 'Asia/Tokyo', '2027-04-30', '2027-05-02')$$,
  '23P01', null, 'not two zones on one date');
select lives_ok(
  $$insert into app_public.specialist_zones (specialist_id, timezone, starts_on, ends_on) values (tests.id('ana'), 'Asia/Tokyo', '2027-05-01', '2027-05-02')$$,
  'the next one begins the day after');
select throws_ok(
  $$insert into app_public.specialist_zones (specialist_id, timezone, starts_on, ends_on) values (tests.id('ana'), 'Mars/Base', '2027-06-01', '2027-06-02')$$,
  '23503', null, 'and zones are real');
select * from finish();
rollback;
