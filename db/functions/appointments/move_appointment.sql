-- Every verb on an appointment is this one: lock, authorize, move. Of two at once the second finds what the first
-- left and is refused with the moves that are legal now. What is confirmed or begun passes the gate. APT-01, APT-06.

create or replace function app_private.move_appointment(appointment_id uuid, to_status text, reason text default null)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_gated constant boolean := to_status in ('confirmed', 'inprogress');
  v_appointment app_public.appointments;
  v_locked_id uuid;
begin
  if v_is_gated then
    v_locked_id := app_private.lock_patient_of(appointment_id);
  end if;
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if v_is_gated then
    -- Between the two locks it may have gone to another patient, who is not locked.
    if v_appointment.patient_profile_id <> v_locked_id then
      perform app_hidden.refuse('CONFLICT', 'appointment_changed');
    end if;
    perform app_private.appointment_gate(v_appointment, to_status);
  end if;

  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end
  where appointments.id = v_appointment.id
  returning * into v_appointment;

  if to_status in ('cancelled', 'noshow') then
    perform app_private.uncount_assignment(v_appointment.claim_id);
    perform app_private.release_claim(v_appointment.claim_id);
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves. Cancelled and no-show free the time.';
grant execute on function app_private.move_appointment to app_engine;
