-- A room or a device goes once nothing to come takes place there. FND-10, SCH-11.

set role app_engine;

create or replace function app_public.remove_resource(resource_id uuid) returns app_public.resources
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_resource app_public.resources;
begin
  perform app_private.soft_delete('app_public.resources', resource_id);
  select resources.* into strict v_resource from app_public.resources where resources.id = remove_resource.resource_id;
  -- Who chooses one at this moment is waited for; whoever comes later does not find it.
  perform app_private.lock_clinic_resources(v_resource.organization_id);
  perform app_private.require_nothing_to_come((
    select count(*)
    from app_private.bookings_to_come(v_resource.organization_id) as booking
    join app_private.resource_claims as rc
      on rc.organization_id = booking.organization_id and rc.claim_id = coalesce(booking.session_id, booking.id)
    where rc.resource_id = v_resource.id));
  return v_resource;
end;
$$;

comment on function app_public.remove_resource is
  'Removes a room or a device; restoreDeletedRow brings it back. Needs calendars.manage; CONFLICT has_future_appointments with '
  'their count.';
grant execute on function app_public.remove_resource to app_member;

reset role;
