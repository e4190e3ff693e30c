-- The patient is reminded, of the visit as it stands when the reminder is written: one that was called off or moved meanwhile is
-- not told of. APT-08, FND-15.

create or replace function app_private.messages_about_reminder(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  join app_private.appointment_reminders
    on appointment_reminders.organization_id = appointments.organization_id
    and appointment_reminders.appointment_id = appointments.id
    and appointment_reminders.starts_at = appointments.starts_at
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null;
  if not found then
    return;
  end if;
  perform app_private.notify(
    event.organization_id,
    'appointment_reminder',
    app_private.appointment_facts(
      event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || jsonb_build_object('bookingRequestId', v_appointment.booking_request_id),
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_reminder is 'Queues the reminder of an appointment to its patient, while it is still to come.';
grant execute on function app_private.messages_about_reminder to app_engine;
