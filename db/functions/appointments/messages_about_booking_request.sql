-- Who hears of a booking request: the guest who made it, of everything; the clinic, of what it has to answer, and
-- of what was moved or taken back. APT-08, FND-15.

create or replace function app_private.messages_about_booking_request(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
begin
  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  select booking_requests.* into strict v_request
  from app_public.booking_requests
  where booking_requests.organization_id = event.organization_id
    and booking_requests.id = event.subject_id;

  perform app_private.notify(
    event.organization_id,
    -- At another time it is received once more; the entry in the guest's calendar moves.
    case event.name when 'booking_request.moved' then 'booking_request_received' else replace(event.name, '.', '_') end,
    app_private.appointment_facts(
      event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale)
    || case
      when event.name in ('booking_request.received', 'booking_request.moved') then jsonb_build_object(
        'bookingRequestId', v_request.id,
        'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
      when event.name = 'booking_request.confirmed' then jsonb_build_object('bookingRequestId', v_request.id)
      when event.name = 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
      else '{}'
    end,
    name => v_request.given_name || ' ' || v_request.family_name,
    email => v_request.email,
    phone => v_request.phone,
    locale => v_request.locale,
    event_id => event.id,
    calendar_uid => v_request.id);

  if event.name in ('booking_request.received', 'booking_request.moved', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
    perform app_private.notify(
      event.organization_id,
      case event.name
        when 'booking_request.received' then 'booking_request_to_review'
        when 'booking_request.moved' then 'booking_request_moved_by_guest'
        else 'booking_request_withdrawn_by_guest'
      end,
      app_private.appointment_facts(
        event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
        v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
      || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
      || case event.name
        when 'booking_request.withdrawn' then '{}'
        else jsonb_build_object('respondBy', v_request.respond_by)
      end,
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_booking_request is
  'Queues what the events of a booking request call for: to the guest, and to the clinic.';
grant execute on function app_private.messages_about_booking_request to app_engine;
