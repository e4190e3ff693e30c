-- Behind the link of a booking: another time for the request while it waits, or for the appointment by its policy. The old time is
-- free only when the new one is taken. A request waits on, and the clinic has as long to answer as for a new one, at most twice
-- from when it was asked. Locks: calendar and specialists, then the request, or the patient and the appointment, then the days.
-- APT-02, APT-03, APT-05, APT-09.

set role app_engine;

create or replace function app_public.move_booking(
  token text,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.guest_booking
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('move_booking', jsonb_build_array(token, starts_at, specialist_id));
  v_request app_public.booking_requests := app_private.required_request_by_token(token);
  v_appointment app_public.appointments;
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booking app_public.guest_booking;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_booking, v_remembered);
  end if;

  v_appointment := app_private.appointment_of_request(v_request);
  v_calendar := app_private.visible_calendar(coalesce(v_appointment.calendar_id, v_request.calendar_id));
  perform app_private.require_choice(v_calendar, move_booking.specialist_id);
  v_specialist_id := case v_calendar.assignment_strategy
    when 'specific' then coalesce(move_booking.specialist_id, v_appointment.specialist_id, v_request.specialist_id)
    else move_booking.specialist_id
  end;
  perform app_private.lock_to_book(v_calendar, v_specialist_id);
  v_request := app_private.locked_guest_request(v_request);
  if v_request.status = 'confirmed' then
    v_appointment := app_private.lock_appointment(app_private.appointment_of_request(v_request));
    perform app_private.authorize_guest(v_appointment, 'booked');
    perform app_private.require_window_to_reschedule(v_appointment);
    perform app_private.require_move_allowance(v_appointment.id);
    perform app_private.move_to(
      v_appointment, v_calendar, move_booking.starts_at, v_specialist_id, by_patient => true);
  else
    perform app_private.require_move_allowance(v_request.id);
    v_request := app_private.move_request(v_request, v_calendar, move_booking.starts_at, v_specialist_id);
  end if;
  v_booking := app_private.guest_booking_of(v_request);
  perform app_private.remember('move_booking', to_jsonb(v_booking));
  return v_booking;
end;
$$;

comment on function app_public.move_booking is
  E'@arg specialistId The specialist, where the visitor picks one; the same one where null.\n'
  'Moves the booking request that a token opens, or the appointment that it became, to another time that its calendar lists. '
  'NOT_FOUND for every other token; SLOT_TAKEN, VALIDATION naming the rule; STATE too_late_to_reschedule or rescheduled_too_often, '
  'where the policy of the appointment says so; GONE booking_unanswered past the deadline of a request; STATE '
  'booking_has_an_account once the patient has one; RATE_LIMITED for whoever moves it to and fro.';
grant execute on function app_public.move_booking to app_anonymous, app_member;

reset role;
