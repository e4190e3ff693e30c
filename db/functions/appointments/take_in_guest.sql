-- A guest becomes a patient before the clinic says yes: the gate asks of whoever is booked for, and nobody can sign who is nobody
-- yet. Front desk says who it is, as in confirming; the forms that the appointment will ask for are made, so that links can be
-- sent; confirming books for this patient. Said again, it is somebody else: what was made for the first and touched by nobody
-- goes, the patient included. APT-09, APT-06, docs/decisions/0116.

set role app_engine;

create or replace function app_public.take_in_guest(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false
) returns app_public.booking_requests
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_said app_public.booking_requests;
begin
  perform app_private.require_unexpired(v_request);
  v_said := app_private.say_who_it_is(v_request, patient_profile_id, coalesce(as_new_patient, false));
  if v_said is distinct from v_request then
    update app_public.booking_requests set
      patient_profile_id = v_said.patient_profile_id,
      has_made_patient = v_said.has_made_patient
    where booking_requests.id = v_request.id
    returning * into v_request;
  end if;
  perform app_private.make_forms_ahead(app_private.draft_of_request(v_request));
  return v_request;
end;
$$;

comment on function app_public.take_in_guest is
  'Says which patient the guest of a booking request is, found or made as in confirmBookingRequest, and makes the forms that the '
  'appointment will ask for. missingOfBookingRequest then lists what it waits for. Said again with patientProfileId or '
  'asNewPatient, it is somebody else; a patient who was made for the request and of whom nothing else is known goes. Needs appointments.manage; refuses as confirmBookingRequest does.';
grant execute on function app_public.take_in_guest to app_member;

-- Before a booking of one's own: what the calendar will ask, so that it can be answered first.
create or replace function app_public.prepare_booking(calendar_id uuid, patient_profile_id uuid)
returns app_public.missing_requirement[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars := app_private.visible_calendar(prepare_booking.calendar_id);
  v_draft app_public.appointments;
begin
  perform app_private.require_to_book(v_calendar.organization_id, prepare_booking.patient_profile_id);
  v_draft := app_private.draft_in(v_calendar, prepare_booking.patient_profile_id, app_hidden.now());
  perform app_private.make_forms_ahead(v_draft);
  return array(
    select missing from app_private.what_is_missing(v_draft, null, app_private.consents_asked(v_draft)) as missing);
end;
$$;

comment on function app_public.prepare_booking is
  E'@resultFieldName missing\n'
  'Makes the forms that an appointment in this calendar will ask a patient for, and tells all that is missing before it can be '
  'booked and confirmed. For the patient, a caregiver, or staff with appointments.manage; told again, it makes nothing twice.';
grant execute on function app_public.prepare_booking to app_member;

reset role;
