-- Who hears of an appointment: its specialist; its patient; and the clinic, of what its own people did not cancel or move. APT-09, FND-15.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.

create or replace function app_private.messages_about_appointment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_appointment app_public.appointments;
begin
  select appointments.* into strict v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id;

  -- Of another time or specialist they hear by appointment.changed, whatever verb it was.
  if event.name in ('appointment.booked', 'appointment.reinstated', 'appointment.cancelled') then
    perform app_private.tell_specialist(
      event, v_appointment, v_appointment.specialist_id,
      case event.name when 'appointment.cancelled' then 'specialist_appointment_cancelled' else 'specialist_appointment_booked' end);
  end if;

  -- The guest was told with the answer to the request.
  if event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
    return;
  end if;

  perform app_private.notify(
    event.organization_id,
    -- What takes place after all is an appointment like any other; its calendar entry comes again.
    case event.name when 'appointment.reinstated' then 'appointment_booked' else replace(event.name, '.', '_') end,
    app_private.appointment_facts(
      event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || case event.name
      when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
      else jsonb_build_object('bookingRequestId', v_appointment.booking_request_id)
    end,
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => event.id,
    calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  -- The clinic knows what its own people did; of a patient it hears here that a time is free again.
  if event.name in ('appointment.cancelled', 'appointment.rescheduled') and v_clinic.contact_email is not null and not exists (
    select
    from (
      select appointment_moves.moved_by
      from app_public.appointment_moves
      where appointment_moves.organization_id = event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = case event.name when 'appointment.cancelled' then 'cancelled' else 'booked' end
      order by appointment_moves.moved_at desc, appointment_moves.id desc
      limit 1
    ) as latest
    join app_public.memberships
      on memberships.organization_id = event.organization_id
      and memberships.human_id = latest.moved_by
      and memberships.ended_at is null
  ) then
    perform app_private.notify(
      event.organization_id,
      replace(event.name, '.', '_') || '_by_patient',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
      || jsonb_build_object('patientName', v_appointment.contact_name)
      || case event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_appointment is
  'Queues what the events of an appointment call for: to the patient, and to the clinic.';
grant execute on function app_private.messages_about_appointment to app_engine;
