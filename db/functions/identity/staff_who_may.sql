-- Who of a clinic may do something, for those who tell them of it. FND-15.

create or replace function app_private.staff_who_may(organization_id uuid, permission text) returns setof uuid
language sql stable
set search_path = ''
begin atomic
  select distinct memberships.human_id
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = staff_who_may.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = staff_who_may.permission;
end;

comment on function app_private.staff_who_may is 'The accounts of a clinic''s staff who have a permission.';
grant execute on function app_private.staff_who_may to app_engine;
