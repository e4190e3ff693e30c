-- Where the link of a booking leads and when it ends: a week after the time it is about. It follows the person who booked: their
-- messages go on to the address that they gave, whichever chart the appointment is on, and so does the link. Once the patient has
-- an account, messages bring no new links. APT-05.

create or replace function app_private.booking_link_ends_at(
  request app_public.booking_requests,
  appointment app_public.appointments
) returns timestamptz
language sql immutable
set search_path = ''
return case
  when (appointment).deleted_at is null then coalesce((appointment).ends_at, (request).ends_at) + interval '7 days'
end;

comment on function app_private.booking_link_ends_at is
  'When the links of a booking end: a week after its time; null when its appointment was removed.';
grant execute on function app_private.booking_link_ends_at to app_engine;

create or replace function app_private.target_of_booking(organization_id uuid, booking_request_id uuid)
returns app_private.link_target
language sql stable
set search_path = ''
begin atomic
  select row('/booking#', app_private.booking_link_ends_at(booking_requests, appointments))::app_private.link_target
  from app_public.booking_requests
  left join app_public.appointments
    on appointments.organization_id = booking_requests.organization_id
    and appointments.booking_request_id = booking_requests.id
  left join app_public.patient_profiles on patient_profiles.id = appointments.patient_profile_id
  where booking_requests.organization_id = target_of_booking.organization_id
    and booking_requests.id = target_of_booking.booking_request_id
    and patient_profiles.human_id is null;
end;

comment on function app_private.target_of_booking is
  'The page of a booking and until when a link opens it; null once the patient has an account.';
grant execute on function app_private.target_of_booking to app_engine;
