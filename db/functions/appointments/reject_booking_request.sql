-- The clinic says no; the time is free again and the guest is told why. APT-09.

set role app_engine;

create or replace function app_public.reject_booking_request(booking_request_id uuid, reason text default null)
returns app_public.booking_requests
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'rejected');
begin
  update app_public.booking_requests set
    status = 'rejected',
    rejection_reason = nullif(btrim(reason), ''),
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return v_request;
end;
$$;

comment on function app_public.reject_booking_request is
  'Declines a booking request and frees its time. Needs appointments.manage; STATE when it was answered already.';
grant execute on function app_public.reject_booking_request to app_member;

reset role;
