-- A clinic leaves the platform: nobody works there, is a patient there or books there any more. FND-10, FND-01.

set role app_engine;

create or replace function app_public.remove_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  perform app_private.soft_delete('app_public.organizations', organization_id);
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(remove_organization.organization_id)));
  select organizations.* into strict v_organization
  from app_public.organizations
  where organizations.id = remove_organization.organization_id;
  return v_organization;
end;
$$;

comment on function app_public.remove_organization is
  'Closes a clinic; restoreDeletedRow opens it again. Superadmin only; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_organization to app_member;

reset role;
