-- What the caller may do at a clinic, so that a frontend shows what works. FND-04.

create or replace function app_public.my_permissions(organization_id uuid) returns setof text
language sql stable strict
set search_path = ''
begin atomic
  select distinct role_permissions.permission
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = my_permissions.organization_id
    and memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
  order by 1;
end;

comment on function app_public.my_permissions is 'Names of the permissions the caller holds at this clinic.';
grant execute on function app_public.my_permissions to app_member;
