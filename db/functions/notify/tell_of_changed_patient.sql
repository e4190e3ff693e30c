-- An appointment was on the wrong chart. Whoever was told of it by mistake is told once that it is not theirs, as a
-- cancellation, so that nobody comes in vain; the right patient is told as of any booking. Guests were told at the
-- address they gave, which stays with the appointment. Of what is over nobody is told. FND-34, FND-15.

create or replace function app_private.knows_of_appointment(appointment_id uuid, patient_profile_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select messages.template_key <> 'appointment_cancelled'
    from app_private.events
    join app_public.messages on messages.organization_id = events.organization_id and messages.event_id = events.id
    where events.subject_id = knows_of_appointment.appointment_id
      and messages.patient_profile_id = knows_of_appointment.patient_profile_id
      and messages.status in ('queued', 'sent', 'delivered', 'read')
    order by messages.created_at desc, messages.id desc
    limit 1
  ), false);
end;

comment on function app_private.knows_of_appointment is
  'Whether the last message to this patient about the appointment says that it takes place.';
grant execute on function app_private.knows_of_appointment to app_engine;

create or replace function app_private.tell_of_changed_patient(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from uuid := (event.payload ->> 'fromPatientProfileId')::uuid;
  v_to uuid := (event.payload ->> 'patientProfileId')::uuid;
  v_appointment app_public.appointments;
  v_wrong app_public.patient_profiles;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.deleted_at is null
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now();
  if not found then
    return;
  end if;

  select patient_profiles.* into strict v_wrong from app_public.patient_profiles where patient_profiles.id = v_from;
  if v_appointment.patient_profile_id <> v_from
     -- One mailbox of two people would read that what takes place is cancelled.
     and (app_hidden.ascii_lower(v_wrong.email) = app_hidden.ascii_lower(v_appointment.contact_email)) is not true
     and app_private.knows_of_appointment(v_appointment.id, v_from)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_cancelled',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_wrong.locale)
      || jsonb_build_object('reason', null),
      patient_profile_id => v_from, event_id => event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));
  end if;

  if v_appointment.patient_profile_id = v_to
     and v_appointment.booking_request_id is null
     and not app_private.knows_of_appointment(v_appointment.id, v_to)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_booked',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale),
      patient_profile_id => v_to, name => v_appointment.contact_name, email => v_appointment.contact_email,
      locale => v_appointment.locale, event_id => event.id, calendar_uid => v_appointment.id);
  end if;
end;
$$;

comment on function app_private.tell_of_changed_patient is
  'Queues what appointment.patient_changed calls for: a cancellation to the wrong person, a booking to the right one.';
grant execute on function app_private.tell_of_changed_patient to app_engine;
