-- The guest changes their mind before the clinic has answered; the time is free again. APT-09.

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(withdraw_booking_request.token, 'sha256')
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;

  update app_public.booking_requests set status = 'withdrawn', decided_at = app_hidden.now()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return app_private.booking_receipt_of(v_request);
end;
$$;

comment on function app_public.withdraw_booking_request is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request to app_anonymous, app_member;

reset role;
