-- What a role allows, as an array. FND-04.

create or replace function app_private.permissions_of(organization_id uuid, role_id uuid) returns text[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(role_permissions.permission), '{}')
  from app_public.role_permissions
  where role_permissions.organization_id = permissions_of.organization_id
    and role_permissions.role_id = permissions_of.role_id;
end;

comment on function app_private.permissions_of is 'The permissions of a role.';
grant execute on function app_private.permissions_of to app_engine;
