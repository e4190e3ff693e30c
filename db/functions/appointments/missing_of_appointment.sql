-- What an appointment waits for, for the screens: by its id, in the agenda with the whole day, and of a request before it is
-- confirmed. Read with the caller's rights, whatever else a row that comes as an argument says. APT-06, SCH-12.

create or replace function app_private.missing_for_caller(appointment_id uuid) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
as $$
  select missing.*
  from app_public.appointments
  cross join lateral app_private.what_is_missing(
    appointments, 'confirmed', app_private.consents_asked(appointments)) as missing
  where appointments.id = missing_for_caller.appointment_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
$$;

comment on function app_private.missing_for_caller is
  'What is missing for an appointment to be confirmed; nothing where the caller may not see it, or it has begun or was called off.';
grant execute on function app_private.missing_for_caller to app_engine;

set role app_engine;

create or replace function app_public.missing_of_appointment(appointment_id uuid) returns app_public.missing_requirement[]
language sql stable strict security definer
set search_path = ''
as $$
  select array(select missing from app_private.missing_for_caller(missing_of_appointment.appointment_id) as missing)
$$;

comment on function app_public.missing_of_appointment is
  E'@arg appointmentId The appointment, by its id.\n'
  'Consents and forms that an appointment asks for and that are not there yet, each with what resolves it: for the patient, who '
  'cares for them, and staff with appointments.view. Nothing of one that has begun or was called off.';
grant execute on function app_public.missing_of_appointment to app_member;

create or replace function app_public.agenda_appointment_missing(appointment app_public.agenda_appointment)
returns app_public.missing_requirement[]
language sql stable security definer
set search_path = ''
as $$
  select array(select missing from app_private.missing_for_caller((appointment).appointment_id) as missing)
$$;

comment on function app_public.agenda_appointment_missing is
  E'@behavior -queryField\n'
  'Consents and forms that the appointment asks for and that are not there yet, each with what resolves it.';
grant execute on function app_public.agenda_appointment_missing to app_member;

create or replace function app_public.missing_of_booking_request(booking_request_id uuid)
returns app_public.missing_requirement[]
language sql stable strict security definer
set search_path = ''
as $$
  select array(
    select missing
    from app_public.booking_requests
    cross join lateral app_private.draft_of_request(booking_requests) as draft
    cross join lateral app_private.what_is_missing(draft, null, app_private.consents_asked(draft)) as missing
    where booking_requests.id = missing_of_booking_request.booking_request_id
      and booking_requests.status = 'requested'
      and booking_requests.patient_profile_id is not null
      and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view')))
$$;

comment on function app_public.missing_of_booking_request is
  E'@arg bookingRequestId The request, by its id.\n'
  'What the guest, taken in as a patient, has not done yet: consents and blocks refuse the confirmation of the request, forms that '
  'of the appointment. Nothing before takeInGuest. Needs appointments.view.';
grant execute on function app_public.missing_of_booking_request to app_member;

reset role;
