-- Test: session_for - a changed appointment keeps the session that is good for its time, gives back the one that is not wanted, and keeps
-- a price that nobody asks to look up. CAT-04.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('visits', '{stefan}');
select tests.plan('ten', 10, 10), tests.has_plan('ana', 'ten');
select tests.appointment('paid', 'ana', 'visits', 'stefan', '2027-03-02 10:00+02'), tests.appointment('by plan', 'ana', 'visits', 'stefan', '2027-03-03 10:00+02');
update app_public.appointments set price_amount = 1 where id = tests.id('paid');
create function pg_temp.said(name text, by_plan boolean, list_price boolean default true, at timestamptz default null) returns text language plpgsql as $$
declare v_appointment app_public.appointments;
begin
  select a.* into strict v_appointment from app_public.appointments a where a.id = tests.id(name);
  v_appointment.starts_at := coalesce(at, v_appointment.starts_at);
  v_appointment := app_private.session_for(v_appointment, by_plan, list_price);
  update app_public.appointments set plan_session_number = v_appointment.plan_session_number, patient_service_plan_id = v_appointment.patient_service_plan_id,
    price_amount = v_appointment.price_amount where id = v_appointment.id;
  return concat_ws(' ', v_appointment.plan_session_number, v_appointment.price_amount, tests.left_of('ana', 'ten'));
exception when sqlstate 'RX422' or sqlstate 'RX409' or sqlstate 'RX402' then
  return sqlerrm;
end $$;
select is(pg_temp.said('by plan', true), '1 0 9', 'by plan it has a session');
select is(pg_temp.said('by plan', true), '1 0 9', 'which it keeps');
select is(pg_temp.said('paid', false, false), '1 9', 'what was agreed stays where no price is asked for');
select is(pg_temp.said('paid', false), '20000 9', 'else it is that of the list');
select is(pg_temp.said('by plan', true, at => '2027-03-11 08:00+02'), '0 10', 'the plan is good until its end, not at it: there it has none, which the gate tells');
select is(pg_temp.said('by plan', false), '20000 10', 'by plan no more, the session is given back and the price is due');
select * from finish();
rollback;
