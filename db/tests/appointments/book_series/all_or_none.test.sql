-- Test: book_series - the sessions of a plan in one call, all or none, and called off from one on. SCH-09, CAT-04.
begin;
select plan(42);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist');
select tests.specialist('luca', '{"mon": [["09:00", "18:00"]]}'), tests.specialist('mara', '{"mon": [["09:00", "12:00"]]}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.specialist('nobody of it');
select tests.service('massage', specialists => '{luca,mara}'), tests.calendar('massages', '{luca,mara}', service => 'massage', horizon_days => 200);
select tests.plan('ten', 10), tests.has_plan('ana', 'ten'), tests.plan('two', 2), tests.has_plan('bogdan', 'two');
create function pg_temp.series(start timestamptz, count int, patient text default 'ana', weeks int default 1, specialist text default 'luca', use_plan boolean default null, reason text default null) returns bigint language sql as $$
  select count(*) from app_public.book_series(tests.id('massages'), start, tests.id(patient), count, weeks, tests.id(specialist), reason, use_plan) $$;
create function pg_temp.refusal(statement text) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  execute statement;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb;
end $$;

select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 3)$$, 'NOT_FOUND', 'not_found', 'a patient asks front desk');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 3)$$, 'FORBIDDEN', 'permission_missing', 'as does a specialist');
select tests.act_as('otto');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 3)$$, 'NOT_FOUND', 'not_found', 'another clinic has no such calendar to manage');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 1)$$, 'VALIDATION', 'series_too_long', 'one is no series');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 53)$$, 'VALIDATION', 'series_too_long', 'a year is the most');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 3, weeks => 13)$$, 'VALIDATION', 'weeks_out_of_range', 'and a quarter between two');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', null)$$, 'VALIDATION', 'series_too_long', 'no number is none');
select * from tests.refuses($$select pg_temp.series('2027-03-08 14:00+02', 3, weeks => null)$$, 'VALIDATION', 'weeks_out_of_range', 'nor are no weeks');

select set_config('app.idempotency_key', 'once', true);
select is(pg_temp.series('2027-03-08 14:00+02', 6), 6::bigint, 'six sessions in one call');
select is(pg_temp.series('2027-03-08 14:00+02', 6), 6::bigint, 'and, asked again with the key, the same six');
select set_config('app.idempotency_key', '', true);
select tests.act_as('the database');
select is((select array_agg(to_char(starts_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI') || ' ' || plan_session_number order by starts_at) from app_public.appointments),
  '{"03-08 14:00 1","03-15 14:00 2","03-22 14:00 3","03-29 14:00 4","04-05 14:00 5","04-12 14:00 6"}', 'at two o''clock each week, also when summer time has come');
select is(tests.left_of('ana', 'ten'), 4, 'by six sessions of the plan');
select is((select (count(distinct series_id), bool_and(series_id = (select id from app_public.appointments order by starts_at limit 1))) from app_public.appointments), (1::bigint, true), 'they know the first');
select is((select assigned_count from app_private.specialist_assignment_tracking where calendar_id = tests.id('massages') and specialist_id = tests.id('luca')), 6::bigint, 'and count as turns');

-- All or none.
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.series('2027-03-01 14:00+02', 5, 'bogdan', 2)$$, 'CONFLICT', 'series_in_the_way', 'three of five starts are taken: nothing is booked');
select is(pg_temp.refusal($$select pg_temp.series('2027-03-08 14:00+02', 3, 'bogdan', 3)$$) - 'calendarId',
  jsonb_build_object('count', 2, 'starts', jsonb_build_array(
    jsonb_build_object('rule', 'slot_taken', 'startsAt', '2027-03-08 14:00+02'::timestamptz), jsonb_build_object('rule', 'slot_taken', 'startsAt', '2027-03-29 14:00+03'::timestamptz))), 'each that is in the way is named');
select is(pg_temp.refusal($$select pg_temp.series('2027-03-08 20:00+02', 2, 'bogdan')$$) #>> '{starts,0,rule}', 'outside_hours', 'by its rule');
select is(pg_temp.series('2027-03-08 20:00+02', 2, 'bogdan', use_plan => false, reason => 'Late trains'), 2::bigint, 'which a reason sets aside');
select * from tests.refuses($$select pg_temp.series('2027-03-08 16:00+02', 2, 'bogdan', specialist => 'nobody of it')$$, 'VALIDATION', 'unknown_specialist', 'a specialist of another calendar is none');
select * from tests.refuses($$select pg_temp.series('2027-03-08 15:00+02', 3, 'bogdan')$$, 'NOT_READY', 'session_missing', 'a plan pays for all, or the series is refused');
select is(pg_temp.series('2027-03-08 15:00+02', 3, 'bogdan', use_plan => false), 3::bigint, 'unless it is paid for');
select tests.act_as('the database');
select is(tests.left_of('bogdan', 'two'), 2, 'and the plan left alone');
select is((select array_agg(to_char(starts_at, 'MM-DD ') || overridden_rules::text order by starts_at) from app_public.appointments where override_reason is not null), '{"03-08 {outside_hours,off_the_grid}","03-15 {outside_hours,off_the_grid}"}', 'the appointments say which rules were set aside');

-- Called off from one on.
select tests.remember('third', (select id from app_public.appointments where plan_session_number = 3)), tests.remember('fifth', (select id from app_public.appointments where plan_session_number = 5));
select tests.act_as('flavia');
select is((app_public.cancel_appointment(tests.id('fifth'))).status, 'cancelled', 'the fifth is called off by itself');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.cancel_series(tests.id('third'))$$, 'NOT_FOUND', 'appointment_not_found', 'a series of somebody else is none');
select tests.act_as('ana');
select is((select count(*) from app_public.cancel_series(tests.id('third'), 'I move away')), 3::bigint, 'she calls off the third and what follows');
select tests.act_as('the database');
select is((select array_agg(status order by starts_at) from app_public.appointments where patient_profile_id = tests.id('ana')), '{booked,booked,cancelled,cancelled,cancelled,cancelled}', 'not what was before');
select is(tests.left_of('ana', 'ten'), 8, 'the sessions are back');
select is((select count(*) from app_private.events where name = 'appointment.cancelled'), 4::bigint, 'each is published once');

-- What is no rule of time is no answer about a start.
select tests.act_as('the database');
create function pg_temp.breaks() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
create trigger _000_breaks before insert on app_private.time_claims for each row execute function pg_temp.breaks();
select tests.act_as('flavia');
select throws_ok($$select pg_temp.series('2027-03-08 16:00+02', 2, 'bogdan', use_plan => false)$$, 'P0001', 'the disk is full', 'another failure is told as what it is');
select * from finish();
rollback;
