-- Behind the link of a booking: the request is withdrawn while it waits, the appointment is called off by its policy, as its
-- patient would. Locks: the request, or the patient and the appointment, then the days. APT-03, APT-05, APT-09.

set role app_engine;

create or replace function app_public.cancel_booking(token text, reason text default null) returns app_public.guest_booking
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('cancel_booking', jsonb_build_array(token, reason));
  v_request app_public.booking_requests := app_private.required_request_by_token(token);
  v_appointment app_public.appointments;
  v_booking app_public.guest_booking;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_booking, v_remembered);
  end if;

  v_request := app_private.locked_guest_request(v_request);
  if v_request.status = 'confirmed' then
    v_appointment := app_private.lock_appointment(app_private.appointment_of_request(v_request));
    perform app_private.authorize_guest(v_appointment, 'cancelled');
    perform app_private.take_off_by_policy(v_appointment, 'cancelled', reason, by_patient => true);
  else
    v_request := app_private.withdraw_request(v_request, reason);
  end if;
  v_booking := app_private.guest_booking_of(v_request);
  perform app_private.remember('cancel_booking', to_jsonb(v_booking));
  return v_booking;
end;
$$;

comment on function app_public.cancel_booking is
  E'@arg reason Why, for the clinic to read.\n'
  'Withdraws the booking request that a token opens, or calls off the appointment that it became, and frees the time. Later than the '
  'policy of the appointment asks it is marked as late, or STATE too_late_to_cancel says until when it went and whom to call. '
  'NOT_FOUND for every other token, STATE booking_has_an_account once the patient has one, or naming the legal moves when it is over.';
grant execute on function app_public.cancel_booking to app_anonymous, app_member;

reset role;

create or replace function app_private.appointment_of_request(request app_public.booking_requests) returns app_public.appointments
language sql stable
set search_path = ''
begin atomic
  select appointments
  from app_public.appointments
  where appointments.organization_id = (request).organization_id
    and appointments.booking_request_id = (request).id
    and appointments.deleted_at is null;
end;

comment on function app_private.appointment_of_request is 'The appointment that a request became, not locked; null when there is none.';
grant execute on function app_private.appointment_of_request to app_engine;
