-- The consumer "notifications": who is written to about which event. FND-01, FND-15, APT-08, APT-09.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
  v_appointment app_public.appointments;
  v_facts jsonb;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = v_event.organization_id;

  if v_event.name = 'organization.activated' then
    perform app_private.notify(
      v_event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', v_clinic.slug),
      human_id => humans.principal_id, event_id => v_event.id)
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.roles
      on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = v_event.organization_id
      and memberships.ended_at is null
      and roles.system_role_key = 'owner';

  elsif v_event.subject_type = 'booking_request' then
    select booking_requests.* into strict v_request
    from app_public.booking_requests
    where booking_requests.organization_id = v_event.organization_id
      and booking_requests.id = v_event.subject_id;

    v_facts := app_private.appointment_facts(
      v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale);

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object(
          'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      name => v_request.given_name || ' ' || v_request.family_name,
      email => v_request.email,
      phone => v_request.phone,
      locale => v_request.locale,
      event_id => v_event.id,
      calendar_uid => v_request.id);

    if v_event.name in ('booking_request.received', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        case v_event.name
          when 'booking_request.received' then 'booking_request_to_review'
          else 'booking_request_withdrawn_by_guest'
        end,
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
        || case v_event.name
          when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
          else '{}'
        end,
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;

  elsif v_event.name = 'appointment.patient_changed' then
    perform app_private.tell_of_changed_patient(v_event);

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- The guest was told with the answer to the request.
    if v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      patient_profile_id => v_appointment.patient_profile_id,
      name => v_appointment.contact_name,
      email => v_appointment.contact_email,
      phone => v_appointment.contact_phone,
      locale => v_appointment.locale,
      event_id => v_event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

    -- The clinic knows what its own people cancelled; of a patient it hears here that a time is free again.
    if v_event.name = 'appointment.cancelled' and v_clinic.contact_email is not null and not exists (
      select
      from app_public.appointment_moves
      join app_public.memberships
        on memberships.organization_id = appointment_moves.organization_id
        and memberships.human_id = appointment_moves.moved_by
        and memberships.ended_at is null
      where appointment_moves.organization_id = v_event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = 'cancelled'
    ) then
      perform app_private.notify(
        v_event.organization_id,
        'appointment_cancelled_by_patient',
        app_private.appointment_facts(
          v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
          v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
        || jsonb_build_object('patientName', v_appointment.contact_name, 'reason', v_appointment.cancellation_reason),
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;
  end if;
end;
$$;

comment on function app_private.consume_notifications is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

grant execute on function app_private.consume_notifications to app_worker;
reset role;
