-- What was entered by mistake is taken out of the list, once it is over: while it holds its time it is cancelled, not
-- removed. FND-10, APT-01.

set role app_engine;

create or replace function app_public.remove_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform app_private.soft_delete('app_public.appointments', appointment_id);
  select appointments.* into strict v_appointment from app_public.appointments where appointments.id = remove_appointment.appointment_id;
  if v_appointment.status not in ('done', 'cancelled', 'noshow') then
    perform app_hidden.refuse(
      'STATE', 'appointment_not_over',
      jsonb_build_object('status', v_appointment.status, 'legal', app_private.legal_moves('appointments', v_appointment.status)));
  end if;
  return v_appointment;
end;
$$;

comment on function app_public.remove_appointment is
  'Takes an appointment that is over out of the lists; restoreDeletedRow brings it back. Needs appointments.manage; STATE '
  'appointment_not_over before.';
grant execute on function app_public.remove_appointment to app_member;

reset role;
