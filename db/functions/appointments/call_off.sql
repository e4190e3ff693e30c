-- It does not take place: called off, or nobody came. What that does to the session of a plan was promised at booking; staff may
-- give it back all the same and say why. A cancellation is late when it is the patient's, and comes later than the policy asks:
-- the clinic that calls off its own is never late. APT-03, CAT-04.

create or replace function app_private.call_off(
  appointment_id uuid,
  to_status text,
  reason text,
  for_patient boolean,
  excuse_reason text
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.locked_appointment(appointment_id);
  v_is_staff boolean := app_hidden.has_permission(v_appointment.organization_id, 'appointments.manage');
  v_excuse text;
begin
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if excuse_reason is not null then
    perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
    v_excuse := app_private.require_reason(excuse_reason);
  end if;
  return app_private.take_off_by_policy(
    v_appointment, to_status, reason, by_patient => not v_is_staff, for_patient => for_patient, excuse_reason => v_excuse);
end;
$$;

comment on function app_private.call_off is
  'Moves an appointment of the caller to cancelled or noshow and frees its time; NOT_FOUND, FORBIDDEN, STATE with the legal moves, '
  'or too_late_to_cancel.';
grant execute on function app_private.call_off to app_engine;

-- The step of whatever takes an appointment off, also where no policy is asked, as when its patient leaves the clinic.
create or replace function app_private.take_off(
  appointment app_public.appointments,
  to_status text,
  reason text,
  is_late boolean,
  excuse_reason text
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  -- Days and turns before plans, which the trigger locks.
  perform app_private.lock_claims(array[appointment.claim_id]);
  perform app_private.uncount_assignment(appointment.claim_id);
  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end,
    is_late_cancellation = case to_status when 'cancelled' then is_late end,
    excuse_reason = take_off.excuse_reason
  where appointments.id = appointment.id
  returning * into v_appointment;
  perform app_private.release_claim(v_appointment.claim_id);
  return v_appointment;
end;
$$;

comment on function app_private.take_off is
  'Moves an appointment to cancelled or noshow, frees its time, and gives its turn back; the caller has locked it and authorized.';
grant execute on function app_private.take_off to app_engine;

-- Until when a cancellation by the patient is not late.
create or replace function app_private.cancel_until(appointment app_public.appointments) returns timestamptz
language sql immutable
set search_path = ''
return (appointment).starts_at - make_interval(mins => (appointment).cancel_minutes);

comment on function app_private.cancel_until is 'Until when an appointment can be called off without being late, as was promised at booking.';
grant execute on function app_private.cancel_until to app_engine;

-- What was promised at booking decides, whether the patient comes with an account or as a guest with a link.
create or replace function app_private.take_off_by_policy(
  appointment app_public.appointments,
  to_status text,
  reason text,
  by_patient boolean,
  for_patient boolean default false,
  excuse_reason text default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_until timestamptz := app_private.cancel_until(appointment);
  v_is_late boolean := (by_patient or coalesce(for_patient, false)) and v_until < app_hidden.now();
begin
  if to_status = 'cancelled' and v_is_late and by_patient and appointment.late_cancel = 'refused' then
    perform app_hidden.refuse(
      'STATE', 'too_late_to_cancel',
      jsonb_build_object('until', v_until) || app_private.clinic_to_call(appointment.organization_id));
  end if;
  return app_private.take_off(appointment, to_status, reason, v_is_late, excuse_reason);
end;
$$;

comment on function app_private.take_off_by_policy is
  'Takes an appointment off that the caller has locked and authorized; late, or STATE too_late_to_cancel, as its policy says.';
grant execute on function app_private.take_off_by_policy to app_engine;
