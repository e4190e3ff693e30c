-- A role is taken away again; the last owner keeps theirs. FND-04.

set role app_engine;

create or replace function app_public.revoke_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.require_grantable(
    v_membership.organization_id, app_private.permissions_of(v_membership.organization_id, revoke_role.role_id));
  if exists (
    select from app_public.roles
    where roles.organization_id = v_membership.organization_id
      and roles.id = revoke_role.role_id
      and roles.system_role_key = 'owner'
  ) then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id
    and membership_roles.role_id = revoke_role.role_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'role_not_held');
  end if;
  return v_membership;
end;
$$;

comment on function app_public.revoke_role is
  'Takes a role from a member. Needs members.manage and every permission of that role; STATE last_owner.';
grant execute on function app_public.revoke_role to app_member;

reset role;
