-- The request that staff are about to answer, locked: of two colleagues, the second finds the first one's answer. APT-09.

create or replace function app_private.locked_booking_request(booking_request_id uuid, to_status text)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  perform app_private.authorize_move('booking_requests', v_request.status, to_status, v_request.organization_id);
  return v_request;
end;
$$;

comment on function app_private.locked_booking_request is
  'A booking request of the caller''s clinic, locked, after the move to to_status was authorized.';
grant execute on function app_private.locked_booking_request to app_engine;
