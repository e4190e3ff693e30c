-- A member is given one more role. FND-04.

set role app_engine;

create or replace function app_public.grant_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.give_role(v_membership.organization_id, v_membership.id, grant_role.role_id);
  return v_membership;
end;
$$;

comment on function app_public.grant_role is
  'Gives a member a role. Needs members.manage and every permission of that role.';
grant execute on function app_public.grant_role to app_member;

reset role;
