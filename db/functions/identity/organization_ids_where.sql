-- The permission check, in the form that policies use: once per query, as an array. FND-04.

set role app_engine;

create or replace function app_hidden.organization_ids_where(permission text) returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
   and role_permissions.permission = organization_ids_where.permission
  where memberships.human_id = (select app_hidden.current_principal_id())
    and memberships.ended_at is null
    and ((select app_hidden.current_organization_id()) is null
         or memberships.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.organization_ids_where is
  'Clinics where one of the caller''s roles allows this permission, narrowed to the one the request names.';
grant execute on function app_hidden.organization_ids_where to app_member, app_anonymous;

reset role;
