-- Test: call_off - what a calendar or the clinic promises is kept with the appointment, and decides what a late cancellation and a no-show cost. APT-03, CAT-04.
begin;
select plan(42);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk'), tests.specialist('dr stefan', '{"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}');
select tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.caregiver('corina', 'ana', 'spouse');
select tests.service('massage', specialists => '{dr stefan}'), tests.calendar('massages', '{dr stefan}', service => 'massage');
select tests.plan('ten', 10), tests.has_plan('ana', 'ten');
update app_public.organizations set contact_phone = '+40211234567' where id = tests.id('atlas');

create function pg_temp.book(name text, at timestamptz, use_plan boolean default null) returns void language plpgsql as $$
begin
  perform tests.act_as('flavia');
  perform tests.remember(name, (app_public.book_directly(tests.id('massages'), at, tests.id('ana'), use_plan => use_plan)).id);
  perform tests.act_as('the database');
end $$;
create function pg_temp.is_now(name text) returns text language sql as $$
  select concat_ws(' ', status, plan_session_number, is_late_cancellation, excuse_reason) from app_public.appointments where id = tests.id(name) $$;
create function pg_temp.refusal(statement text) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  execute statement;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb || jsonb_build_object('reason', sqlerrm);
end $$;
create function pg_temp.has_left() returns int language sql as $$ select tests.left_of('ana', 'ten') $$;

-- Without a policy.
select pg_temp.book('first', '2027-03-01 12:00+02');
select is((select (cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit, no_show_session)::text from app_public.appointments where id = tests.id('first')),
  '(0,allowed,kept,0,,kept)', 'a clinic that says nothing promises everything until the start');
select is(pg_temp.is_now('first'), 'booked 1', 'the open plan pays');
select is(pg_temp.has_left(), 9, 'with one session');
select tests.act_as('ana');
select is((app_public.cancel_appointment(tests.id('first'))).is_late_cancellation, false, 'before the start it is in time');
select tests.act_as('the database');
select is(pg_temp.is_now('first'), 'cancelled f', 'the number is free again');
select is(pg_temp.has_left(), 10, 'and so is the session');
select is(tests.ledger('ana', 'ten'), '{grant 10 = 10,debit 1 = 9,restore 1 = 10}', 'by the ledger');

-- The default of the clinic, and the one that a calendar names.
select tests.act_as('flavia');
select throws_ok($$insert into app_public.booking_policies (organization_id, name) values (tests.id('atlas'), 'Mine')$$, '42501', null, 'front desk makes no policies');
select tests.act_as('otto');
select throws_ok($$insert into app_public.booking_policies (organization_id, name) values (tests.id('atlas'), 'Mine')$$, '42501', null, 'nor another clinic');
select tests.act_as('olga');
insert into app_public.booking_policies (organization_id, name, is_default, cancel_minutes) values (tests.id('atlas'), 'A day', true, 1440);
select throws_ok($$insert into app_public.booking_policies (organization_id, name, is_default) values (tests.id('atlas'), 'Another', true)$$, '23505', null, 'one is the default');
insert into app_public.booking_policies (organization_id, name, cancel_minutes, late_cancel, late_cancel_session, no_show_session) values (tests.id('atlas'), 'Strict', 120, 'refused', 'given_back', 'given_back');
select tests.act_as('the database');
select tests.remember('strict', (select id from app_public.booking_policies where name = 'Strict'));

select pg_temp.book('second', '2027-03-01 13:00+02'), pg_temp.book('third', '2027-03-02 13:00+02'), pg_temp.book('fourth', '2027-03-01 15:00+02'), pg_temp.book('fifth', '2027-03-01 16:00+02');
select is(pg_temp.is_now('second') || ', ' || pg_temp.is_now('third'), 'booked 1, booked 2', 'numbers count from one again, since the first was given back');
select tests.act_as('olga');
update app_public.calendars set booking_policy_id = tests.id('strict') where id = tests.id('massages');
select throws_ok($$delete from app_public.booking_policies where id = tests.id('strict')$$, '23001', null, 'what a calendar names is not deleted');
select tests.act_as('corina');
select is((app_public.cancel_appointment(tests.id('second'))).is_late_cancellation, true, 'within a day it is late, whatever the calendar promises since');
select is((app_public.cancel_appointment(tests.id('third'))).is_late_cancellation, false, 'not a day and three hours before');
select tests.act_as('the database');
select is(pg_temp.is_now('second'), 'cancelled 1 t', 'the session of the late one is kept');
select is(pg_temp.has_left(), 7, 'the other is given back');
select tests.act_as('ana');
select tests.refuses($$select app_public.cancel_appointment(tests.id('fourth'), excuse_reason => 'I was ill')$$, 'NOT_FOUND', 'not_found', 'patients excuse nobody');
select tests.act_as('flavia');
select is((app_public.cancel_appointment(tests.id('fourth'), 'Illness', for_patient => true, excuse_reason => 'She was in hospital')).excuse_reason, 'She was in hospital', 'staff do');
select is((app_public.cancel_appointment(tests.id('fifth'), 'The lift is broken')).is_late_cancellation, false, 'what the clinic calls off is never late');
select tests.act_as('the database');
select is(pg_temp.is_now('fourth'), 'cancelled t She was in hospital', 'the excuse stands');
select is(pg_temp.has_left(), 9, 'and both sessions are back');
select is((select reason from app_public.appointment_moves where appointment_id = tests.id('fourth') and to_status = 'cancelled'), 'Illness', 'the move says why');

-- Strict.
select pg_temp.book('sixth', '2027-03-01 11:00+02'), pg_temp.book('seventh', '2027-03-01 12:00+02'), pg_temp.book('paid', '2027-03-01 17:00+02', false);
select tests.act_as('ana');
select throws_ok($$select app_public.cancel_appointment(tests.id('sixth'))$$, 'RX412', 'too_late_to_cancel', 'less than two hours before it is refused');
select is((pg_temp.refusal($$select app_public.cancel_appointment(tests.id('sixth'))$$) #>> '{clinicPhone}'), '+40211234567', 'with the number to call');
select is((pg_temp.refusal($$select app_public.cancel_appointment(tests.id('sixth'))$$) #>> '{until}')::timestamptz, '2027-03-01 09:00+02', 'and until when it went');
select is((app_public.cancel_appointment(tests.id('seventh'))).status, 'cancelled', 'two hours before, to the minute, it goes');
select tests.act_as('flavia');
select is((app_public.cancel_appointment(tests.id('sixth'), for_patient => true)).is_late_cancellation, true, 'front desk calls it off for her');
select tests.act_as('the database');
select is(pg_temp.is_now('sixth'), 'cancelled t', 'late, and given back as promised');

-- Nobody came.
select pg_temp.book('missed', '2027-03-01 11:00+02');
select tests.act_as('olga');
update app_public.calendars set booking_policy_id = null where id = tests.id('massages');
select lives_ok($$delete from app_public.booking_policies where id = tests.id('strict')$$, 'a policy that nobody names goes; what it promised stays');
select tests.act_as('the database');
select pg_temp.book('missed too', '2027-03-01 14:00+02'), pg_temp.book('forgiven', '2027-03-01 16:00+02');
select tests.freeze_time('2027-03-01 18:10+02');
select tests.act_as('stefan');
select tests.refuses($$select app_public.record_no_show(tests.id('forgiven'), 'Accident')$$, 'FORBIDDEN', 'permission_missing', 'to excuse is for front desk');
select is((app_public.record_no_show(tests.id('missed'))).status, 'noshow', 'a specialist says that nobody came');
select is((app_public.record_no_show(tests.id('missed too'))).status, 'noshow', 'twice');
select tests.act_as('flavia');
select is((app_public.record_no_show(tests.id('forgiven'), 'Accident')).excuse_reason, 'Accident', 'front desk knows why');
select tests.act_as('the database');
select is(pg_temp.is_now('missed'), 'noshow', 'given back as promised');
select is(pg_temp.is_now('missed too'), 'noshow 3', 'kept as promised');
select is(pg_temp.is_now('forgiven'), 'noshow Accident', 'given back for the reason');
select is((select reason from app_public.appointment_moves where appointment_id = tests.id('forgiven') and to_status = 'noshow'), 'Accident', 'which the move keeps');
select is(pg_temp.has_left(), 8, 'two are used');
select is((select price_amount from app_public.appointments where id = tests.id('paid')), 20000::bigint, 'who said so pays');
select is((select price_amount from app_public.appointments where id = tests.id('missed too')), 0::bigint, 'what is by plan costs nothing more');
select * from finish();
rollback;
