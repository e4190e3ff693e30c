-- A guest looks the own booking up, with the token of the page or one from a message. An unknown token, a malformed one and one
-- that is over answer alike. APT-05, APT-09.

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.guest_booking
language sql stable strict security definer
set search_path = ''
return (
  select app_private.guest_booking_of(request)
  from app_private.request_by_token(booking_by_token.token) as request
  where request.id is not null
);

comment on function app_public.booking_by_token is
  E'@nullable\nThe booking that this token opens, until a week after its time; null when there is none.';
grant execute on function app_public.booking_by_token to app_anonymous, app_member;

reset role;
