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
  perform app_private.remind_of(v_appointment, event.id);
end;
$$;

comment on function app_private.messages_about_reminder is 'Queues the reminder of an appointment to its patient, while it is still to come.';
grant execute on function app_private.messages_about_reminder to app_engine;

create or replace function app_private.remind_of(appointment app_public.appointments, event_id uuid) returns uuid[]
language sql volatile
set search_path = ''
as $$
  select app_private.notify(
    (appointment).organization_id,
    'appointment_reminder',
    app_private.appointment_facts(
      (appointment).organization_id, (appointment).calendar_id, (appointment).service_id, (appointment).specialist_id,
      (appointment).starts_at, (appointment).ends_at, (appointment).modality, (appointment).locale)
    || jsonb_build_object('bookingRequestId', (appointment).booking_request_id),
    patient_profile_id => (appointment).patient_profile_id,
    name => (appointment).contact_name,
    email => (appointment).contact_email,
    phone => (appointment).contact_phone,
    locale => (appointment).locale,
    event_id => remind_of.event_id)
$$;

comment on function app_private.remind_of is
  'Queues the reminder of an appointment to its patient because of an event; its messages, none where it was queued before.';
grant execute on function app_private.remind_of to app_engine;
