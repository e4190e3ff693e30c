-- What an appointment is paid by, when it changes: the session that it has while the plan is good for the new service and time, else
-- another one; or, when it is by no plan any more, the price. CAT-04.

create or replace function app_private.session_for(
  appointment app_public.appointments,
  by_plan boolean,
  list_price boolean default true
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_changed app_public.appointments := appointment;
  v_stays boolean;
begin
  if by_plan or appointment.plan_session_number is not null then
    perform app_private.settle_patient_plans(appointment.organization_id, appointment.patient_profile_id);
  end if;
  if appointment.plan_session_number is not null then
    select coalesce(plans.valid_until > appointment.starts_at, true)
      and app_private.is_for_service(plans, appointment.service_id)
      and plans.patient_profile_id = appointment.patient_profile_id
    into strict v_stays
    from app_public.patient_service_plans as plans
    where plans.organization_id = appointment.organization_id and plans.id = appointment.patient_service_plan_id;
    if by_plan and v_stays then
      return appointment;
    end if;
    perform app_private.restore_entitlement(appointment.organization_id, 'sessions', 'appointment', appointment.id);
    v_changed.plan_session_number := null;
    v_changed.patient_service_plan_id := null;
  end if;
  if by_plan then
    v_changed := app_private.use_session(v_changed);
    if v_changed.plan_session_number is null then
      v_changed.patient_service_plan_id := appointment.patient_service_plan_id;
    end if;
    return v_changed;
  end if;

  v_changed.patient_service_plan_id := null;
  if list_price or appointment.patient_service_plan_id is not null then
    select coalesce(calendars.price_amount, services.price_amount), services.currency
    into strict v_changed.price_amount, v_changed.currency
    from app_public.calendars
    join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
    where calendars.organization_id = appointment.organization_id and calendars.id = appointment.calendar_id;
  end if;
  return v_changed;
end;
$$;

comment on function app_private.session_for is
  'A changed appointment with its session or its price, which is looked up again when list_price says so or a plan paid before; '
  'the caller asks the gate and writes it. Without a number of a session when it is to be by plan and none has one for it.';
grant execute on function app_private.session_for to app_engine;
