-- Every answer to a request is an event; mails to the guest follow from it. APT-09, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_booking_requests__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'booking_requests' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_build_object(
      'bookingRequestId', new.id, 'calendarId', new.calendar_id, 'specialistId', new.specialist_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at));
  return new;
end;
$$;

comment on function app_private.tg_booking_requests__publish is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_booking_requests__publish();
