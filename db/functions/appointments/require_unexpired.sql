-- Past its deadline a request is over, whether or not the worker has come by to say so. APT-09.

create or replace function app_private.require_unexpired(request app_public.booking_requests) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (request).respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired',
      jsonb_build_object('respondBy', (request).respond_by, 'timezone', (
        select organizations.timezone from app_public.organizations where organizations.id = (request).organization_id)));
  end if;
end;
$$;

comment on function app_private.require_unexpired is 'GONE booking_request_expired past the deadline of a request.';
grant execute on function app_private.require_unexpired to app_engine;
