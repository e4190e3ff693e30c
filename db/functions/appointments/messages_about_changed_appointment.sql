-- Specialists hear of another time, or that a visit is another's: whoever had it before takes the entry out. APT-08, FND-15.
create or replace function app_private.messages_about_changed_appointment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_former_id uuid := (event.payload ->> 'fromSpecialistId')::uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.deleted_at is null;
  if not found then
    return;
  elsif v_former_id = v_appointment.specialist_id then
    perform app_private.tell_specialist(event, v_appointment, v_former_id, 'specialist_appointment_rescheduled');
  else
    perform app_private.tell_specialist(event, v_appointment, v_former_id, 'specialist_appointment_cancelled');
    perform app_private.tell_specialist(event, v_appointment, v_appointment.specialist_id, 'specialist_appointment_booked');
  end if;
end;
$$;

comment on function app_private.messages_about_changed_appointment is
  'Queues what a change of time or specialist calls for, to the specialists.';
grant execute on function app_private.messages_about_changed_appointment to app_engine;
