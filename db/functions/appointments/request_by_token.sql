-- Which booking request a token opens: the one that the page was answered with, or one that left in a message. Of what is over
-- nothing is opened. APT-05, APT-09.

create or replace function app_private.request_by_token(token text) returns app_public.booking_requests
language sql stable strict
set search_path = ''
begin atomic
  select booking_requests
  from app_public.booking_requests
  join app_public.organizations
    on organizations.id = booking_requests.organization_id and organizations.deleted_at is null
  left join app_public.appointments
    on appointments.organization_id = booking_requests.organization_id
    and appointments.booking_request_id = booking_requests.id
  where booking_requests.id = coalesce(
      (select own.id from app_public.booking_requests as own
       where own.token_hash = extensions.digest(request_by_token.token, 'sha256')),
      app_private.opened_by_link('booking', request_by_token.token))
    and app_private.booking_link_ends_at(booking_requests, appointments) > app_hidden.now();
end;

comment on function app_private.request_by_token is 'The booking request that a token opens; null for every other token.';
grant execute on function app_private.request_by_token to app_engine;

create or replace function app_private.required_request_by_token(token text) returns app_public.booking_requests
language plpgsql stable
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.request_by_token(token);
begin
  if v_request.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'booking_not_found');
  end if;
  return v_request;
end;
$$;

comment on function app_private.required_request_by_token is 'The booking request that a token opens; NOT_FOUND booking_not_found for every other token.';
grant execute on function app_private.required_request_by_token to app_engine;
