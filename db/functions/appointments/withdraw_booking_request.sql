-- The guest changes their mind before the clinic has answered; the time is free again. cancelBooking does the same, and calls off
-- what the clinic has confirmed. APT-09.

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.request_by_token(token);
begin
  if v_request.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  return app_private.booking_receipt_of(app_private.withdraw_request(app_private.locked_guest_request(v_request)));
end;
$$;

comment on function app_public.withdraw_booking_request is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request to app_anonymous, app_member;

reset role;
