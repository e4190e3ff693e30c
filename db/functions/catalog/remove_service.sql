-- A service goes with its calendars, once nobody is booked for it any more. FND-10, CAT-01.

set role app_engine;

create or replace function app_public.remove_service(service_id uuid) returns app_public.services
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_service app_public.services;
begin
  perform app_private.soft_delete('app_public.services', service_id);
  select services.* into strict v_service from app_public.services where services.id = remove_service.service_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_service.organization_id) as booking
    join app_public.calendars on calendars.organization_id = booking.organization_id and calendars.id = booking.calendar_id
    where calendars.service_id = v_service.id));
  return v_service;
end;
$$;

comment on function app_public.remove_service is
  'Removes a service with its calendars; restoreDeletedRow brings them back. Needs services.manage; CONFLICT '
  'has_future_appointments with their count.';
grant execute on function app_public.remove_service to app_member;

reset role;
