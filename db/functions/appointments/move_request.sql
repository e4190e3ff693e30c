-- The guest wants another time before the clinic has answered: the claim goes there, and the request waits on. APT-05, APT-09.

create or replace function app_private.move_request(
  request app_public.booking_requests,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid
) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := request;
  v_claim app_private.time_claims;
begin
  if request.status <> 'requested' then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', 'booking_requests', 'from', request.status, 'to', 'requested',
                         'legal', app_private.legal_moves('booking_requests', request.status)));
  elsif request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse('GONE', 'booking_unanswered', app_private.clinic_to_call(request.organization_id));
  elsif move_request.starts_at = request.starts_at
    and coalesce(move_request.specialist_id = request.specialist_id, true) then
    perform app_hidden.refuse('CONFLICT', 'already_at_this_time', '{"field": "startsAt"}');
  end if;

  v_claim := app_private.move_claim(request.claim_id, calendar, move_request.starts_at, move_request.specialist_id);
  update app_public.booking_requests set
    specialist_id = v_claim.specialist_id,
    starts_at = lower(v_claim.during),
    ends_at = upper(v_claim.during),
    -- Whoever moves it about keeps the clinic's time no longer than twice.
    respond_by = least(
      app_private.respond_by(organizations, lower(v_claim.during)),
      greatest(request.respond_by, request.created_at + 2 * make_interval(hours => organizations.booking_response_hours)))
  from app_public.organizations
  where booking_requests.id = request.id and organizations.id = booking_requests.organization_id
  returning booking_requests.* into v_request;
  perform app_private.publish('booking_request.moved', v_request.organization_id, v_request.id, jsonb_build_object(
    'bookingRequestId', v_request.id, 'calendarId', v_request.calendar_id, 'specialistId', v_request.specialist_id,
    'startsAt', v_request.starts_at, 'endsAt', v_request.ends_at,
    'fromStartsAt', request.starts_at, 'fromEndsAt', request.ends_at));
  return v_request;
end;
$$;

comment on function app_private.move_request is
  'Moves a booking request, which the caller has locked with its calendar, to another time; SLOT_TAKEN, VALIDATION naming the '
  'rule, STATE once it was answered, GONE past its deadline.';
grant execute on function app_private.move_request to app_engine;

-- Each move is told to guest, clinic and specialist: to and fro in a loop is bounded. Counted under the lock of what is moved.
create or replace function app_private.require_move_allowance(subject_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_moved timestamptz[];
  v_free_at timestamptz;
begin
  select visitor_limits.* into strict v_limit from app_private.visitor_limits where visitor_limits.name = 'moves_of_a_booking';
  v_moved := array(
    select events.occurred_at
    from app_private.events
    where events.subject_id = require_move_allowance.subject_id
      and events.name in ('appointment.rescheduled', 'booking_request.moved')
      and events.occurred_at > v_now - interval '1 day'
    order by events.occurred_at desc
    limit v_limit.per_day);
  v_free_at := greatest(
    v_moved[v_limit.per_day] + interval '1 day',
    case when v_moved[v_limit.per_hour] > v_now - interval '1 hour' then v_moved[v_limit.per_hour] + interval '1 hour' end);
  if v_free_at is not null then
    perform app_hidden.refuse('RATE_LIMITED', 'moved_too_often', jsonb_build_object(
      'retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
  end if;
end;
$$;

comment on function app_private.require_move_allowance is
  'RATE_LIMITED moved_too_often when a booking was moved as often as an hour or a day allows.';
grant execute on function app_private.require_move_allowance to app_engine;
