-- A verb by which an appointment goes on is this one: lock, authorize, move. Of two at once the second finds what the
-- first left and is refused with the moves that are legal now. What is confirmed or begun passes the gate. APT-01, APT-06.

create or replace function app_private.move_appointment(appointment_id uuid, to_status text)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.locked_appointment(appointment_id);
begin
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);
  if to_status in ('confirmed', 'inprogress') then
    perform app_private.appointment_gate(v_appointment, to_status);
  end if;

  update app_public.appointments set status = to_status
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves.';
grant execute on function app_private.move_appointment to app_engine;
