-- Test: set_weekly_hours, close_schedule, stranded_appointments - a change of hours says whom it would strand and who could take
-- them, and changes nothing until that was meant. SCH-01, SCH-08.
begin;
select plan(29);
-- Monday.
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('horia', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('fiona', 'front_desk');
select tests.staff('bianca', 'billing');
select tests.patient('ana');
select tests.specialist('stefan', weekly => '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}', account => true);
select tests.specialist('dora', weekly => '{"tue": [["08:00", "12:00"]]}', account => true);
select tests.calendar('visits', '{stefan,dora}');
select tests.appointment('early', 'ana', 'visits', 'stefan', '2027-03-09 10:00+02');
select tests.appointment('late', 'ana', 'visits', 'stefan', '2027-03-09 15:00+02');
select tests.booking_request('asked', 'visits', 'stefan', '2027-03-09 14:00+02');
select tests.appointment('monday', 'ana', 'visits', 'stefan', '2027-03-08 10:00+02');
select tests.appointment('at night', 'ana', 'visits', 'stefan', '2027-03-10 21:00+02');
update app_public.appointments set override_reason = 'Asked to', overridden_rules = '{outside_hours}' where id = tests.id('at night');
create function pg_temp.hours(specialist text) returns text language sql security definer as $$
  select string_agg(weekday || ' ' || starts || '-' || ends, ', ' order by weekday, starts) from app_public.specialist_weekly_hours where specialist_id = tests.id(specialist)
$$;
create function pg_temp.week(variadic days text[]) returns app_public.hours_of_a_day[] language sql as $$
  select coalesce(array_agg((split_part(d, ' ', 1)::int, split_part(d, ' ', 2)::time, split_part(d, ' ', 3)::time)::app_public.hours_of_a_day), '{}') from unnest(days) d
$$;
create function pg_temp.refusal(sql text) returns jsonb language plpgsql as $$
declare v_reason text; v_details jsonb;
begin
  execute sql;
  return null;
exception when sqlstate 'RX409' then
  get stacked diagnostics v_reason = message_text, v_details = pg_exception_detail;
  return v_details || jsonb_build_object('reason', v_reason);
end;
$$;
create table pg_temp.told (at text, refusal jsonb);
grant all on pg_temp.told to public;

select tests.act_as('stefan');
select is_empty($$select * from app_public.stranded_appointments(tests.id('stefan'))$$, 'as hours are nobody is stranded; what staff set aside at the booking is not asked again');
insert into pg_temp.told values ('half days', pg_temp.refusal($$select app_public.set_weekly_hours(tests.id('stefan'), pg_temp.week('1 09:00 17:00', '2 11:00 13:00'))$$));
select is(refusal ->> 'reason', 'appointments_stranded', 'shorter hours are refused') from pg_temp.told;
select is((refusal ->> 'count')::int, 3, 'with how many would be outside') from pg_temp.told;
select is(
  (select jsonb_agg(coalesce(visit ->> 'appointmentId', visit ->> 'bookingRequestId') order by place) from pg_temp.told, jsonb_array_elements(refusal -> 'appointments') with ordinality as v (visit, place)),
  jsonb_build_array(tests.id('early'), tests.id('asked'), tests.id('late')), 'which, appointments and requests, earliest first');
select is(refusal -> 'appointments' -> 0 -> 'colleagueIds', jsonb_build_array(tests.id('dora')), 'and who is there at the time') from pg_temp.told;
select is(refusal -> 'appointments' -> 1 -> 'colleagueIds', '[]'::jsonb, 'or that nobody is') from pg_temp.told;
select is(refusal -> 'appointments' -> 0 ->> 'rule', 'outside_hours', 'by which rule') from pg_temp.told;
select is(pg_temp.hours('stefan'), '1 09:00:00-17:00:00, 2 09:00:00-17:00:00', 'nothing has changed');

select is((select id from app_public.set_weekly_hours(tests.id('stefan'), pg_temp.week('1 09:00 17:00', '2 09:00 12:00', '2 13:00 17:00', '2 13:00 17:00'))), tests.id('stefan'), 'hours that leave nobody outside are taken');
select is(pg_temp.hours('stefan'), '1 09:00:00-17:00:00, 2 09:00:00-12:00:00, 2 13:00:00-17:00:00', 'the whole week, each stretch once');
select is((select count(*) from app_public.specialist_weekly_hours where specialist_id = tests.id('stefan') and weekday = 1 and updated_at = created_at or weekday = 1 and specialist_id = tests.id('stefan')), 1::bigint, 'what stays is not written again');
select lives_ok($$select app_public.set_weekly_hours(tests.id('stefan'), pg_temp.week('1 09:00 17:00', '2 11:00 13:00'), leaves_stranded => true)$$, 'who means it goes on');
select results_eq($$select coalesce(appointment_id, booking_request_id), rule from app_public.stranded_appointments(tests.id('stefan'))$$,
  $$values (tests.id('early'), 'outside_hours'), (tests.id('asked'), 'outside_hours'), (tests.id('late'), 'outside_hours')$$, 'and the list keeps them until they were moved');
select lives_ok($$select app_public.set_weekly_hours(tests.id('stefan'), pg_temp.week('1 09:00 17:00', '2 09:00 17:00'))$$, 'hours can be given back');

insert into pg_temp.told values ('sea side', pg_temp.refusal($$select app_public.close_schedule(tests.id('stefan'), '2027-03-08', '2027-03-09', note => 'Sea side')$$));
select is(refusal ->> 'count', '4', 'a vacation says whom it leaves') from pg_temp.told where at = 'sea side';
select is(refusal -> 'appointments' -> 0 ->> 'rule', 'closed', 'by which rule') from pg_temp.told where at = 'sea side';
select is_empty($$select * from app_public.specialist_schedule_overrides where specialist_id = tests.id('stefan')$$, 'and is not there');
select is((select kind || ' ' || starts_on || ' ' || ends_on || ' ' || note from app_public.close_schedule(tests.id('stefan'), '2027-03-08', '2027-03-09', note => ' Sea side ', leaves_stranded => true)),
  'closed 2027-03-08 2027-03-09 Sea side', 'who means it goes');
select is((select kind || ' ' || starts || ' ' || ends from app_public.close_schedule(tests.id('stefan'), '2027-03-15', '2027-03-15', '10:00', '12:00')), 'closed 10:00:00 12:00:00', 'who was left standing before is not told again');

select tests.act_as('fiona');
select is((select count(*) from app_public.stranded_appointments(tests.id('stefan'))), 4::bigint, 'the front desk sees who is to be moved');
select tests.act_as('bianca');
select throws_ok($$select app_public.set_weekly_hours(tests.id('stefan'), '{}')$$, 'RX403', 'permission_missing', 'whoever bills does not decide about hours');
select throws_ok($$select app_public.close_schedule(tests.id('stefan'), '2027-03-20', '2027-03-20')$$, 'RX403', 'permission_missing', 'nor about vacations');
select tests.act_as('dora');
select throws_ok($$select app_public.set_weekly_hours(tests.id('stefan'), '{}')$$, 'RX403', 'permission_missing', 'a colleague decides about the own hours alone');
select tests.act_as('horia');
select throws_ok($$select * from app_public.stranded_appointments(tests.id('stefan'))$$, 'RX404', 'specialist_not_found', 'another clinic hears nothing');
select throws_ok($$select app_public.set_weekly_hours(tests.id('stefan'), '{}')$$, 'RX404', 'specialist_not_found', 'and changes nothing');
select tests.act_as('ana');
select throws_ok($$select * from app_public.stranded_appointments(tests.id('stefan'))$$, 'RX404', 'specialist_not_found', 'nor does a patient');
select tests.act_as('adrian');
select throws_ok($$select app_public.set_weekly_hours(tests.id('dora'), pg_temp.week('9 09:00 17:00'))$$, '23514', null, 'a weekday that is none');
select throws_ok($$select app_public.set_weekly_hours(tests.id('dora'), array_fill((1, '09:00', '10:00')::app_public.hours_of_a_day, '{71}'))$$, 'RX400', 'too_many_hours', 'a week has an end');
select is(pg_temp.hours('dora'), '2 08:00:00-12:00:00', 'what is refused leaves nothing behind');
select * from finish();
rollback;
