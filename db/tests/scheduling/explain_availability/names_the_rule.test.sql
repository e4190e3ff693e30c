-- Test: explain_availability - tells staff the rule that keeps a specialist from being booked at a start. SCH-05.
begin;
select plan(21);
select tests.freeze_time('2027-03-08 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.patient('petru');
select tests.specialist('ana', weekly => '{"mon": [["07:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["07:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, notice_minutes => 120, horizon_days => 14);
select tests.claim('ana', '2027-03-15 09:00+02');
select tests.remember('held', tests.claim('ana', '2027-03-15 10:00+02', 60, 'hold'));
select tests.override('ana', 'closed', '2027-03-15', starts => '11:00', ends => '11:30');

create function pg_temp.rule(at timestamptz, specialist text default 'ana') returns text language sql as
  'select app_public.explain_availability(tests.id(''visits''), tests.id(specialist), at)';
grant execute on function pg_temp.rule to public;

select tests.act_as('maria');
select is(pg_temp.rule('2027-03-15 08:00+02'), 'free', 'a start that can be booked');
select is(pg_temp.rule('2027-03-08 07:00+02'), 'in_the_past', 'an hour ago');
select is(pg_temp.rule('2027-03-08 09:00+02'), 'inside_notice', 'in an hour');
select is(pg_temp.rule('2027-03-08 10:00+02'), 'free', 'in two hours');
select is(pg_temp.rule('2027-03-22 11:00+02'), 'free', 'in fourteen days');
select is(pg_temp.rule('2027-03-29 07:00+03'), 'beyond_horizon', 'in three weeks');
select is(pg_temp.rule('2027-03-16 08:00+02'), 'outside_hours', 'on a Tuesday');
select is(pg_temp.rule('2027-03-15 11:30+02'), 'outside_hours', 'when the slot would end after hours');
select is(pg_temp.rule('2027-03-15 11:00+02'), 'closed', 'while closed');
select is(pg_temp.rule('2027-03-15 07:30+02'), 'off_the_grid', 'between two starts');
select is(pg_temp.rule('2027-03-15 09:00+02'), 'taken', 'while booked');
select is(pg_temp.rule('2027-03-15 10:00+02'), 'taken', 'while held');
select is(pg_temp.rule('2027-03-15 08:00+02', 'bogdan'), 'not_in_calendar', 'of somebody else');

select tests.act_as('the database');
delete from app_public.service_specialists where specialist_id = tests.id('ana');
select tests.act_as('maria');
select is(pg_temp.rule('2027-03-15 08:00+02'), 'not_providing_service', 'when she does not provide the service');
select tests.act_as('the database');
update app_public.specialists set scheduling_active = false where id = tests.id('ana');
select tests.act_as('maria');
select is(pg_temp.rule('2027-03-15 08:00+02'), 'specialist_inactive', 'when she is not scheduled');
select tests.act_as('the database');
update app_public.services set is_active = false where organization_id = tests.id('atlas');
select tests.act_as('maria');
select is(pg_temp.rule('2027-03-15 08:00+02'), 'service_inactive', 'when the service is not offered');
select tests.act_as('the database');
update app_public.calendars set is_active = false where id = tests.id('visits');
select tests.act_as('maria');
select is(pg_temp.rule('2027-03-15 08:00+02'), 'calendar_inactive', 'when the calendar is switched off');

select throws_ok($$select pg_temp.rule('infinity')$$, 'RX400', 'start_invalid', 'a time that never comes is refused');
select tests.act_as('horia');
select throws_ok($$select pg_temp.rule('2027-03-15 08:00+02')$$, 'RX404', 'calendar_not_found', 'staff of another clinic are not told');
select tests.act_as('petru');
select throws_ok($$select pg_temp.rule('2027-03-15 08:00+02')$$, 'RX404', 'calendar_not_found', 'nor are patients');
select tests.act_as('a visitor');
select throws_ok($$select pg_temp.rule('2027-03-15 08:00+02')$$, '42501', null, 'nor visitors');
select * from finish();
rollback;
