-- A guest looks the own request up. An unknown token and a malformed one answer alike. APT-09.

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.booking_receipt
language sql stable strict security definer
set search_path = ''
begin atomic
  select app_private.booking_receipt_of(booking_requests)
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(booking_by_token.token, 'sha256');
end;

comment on function app_public.booking_by_token is E'@nullable\nThe booking request that this token belongs to; null when there is none.';
grant execute on function app_public.booking_by_token to app_anonymous, app_member;

reset role;
