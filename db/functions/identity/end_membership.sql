-- A member leaves, or is let go; the last owner cannot. Appointments and history stay. FND-04.

set role app_engine;

create or replace function app_public.end_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
  v_permissions text[];
  v_is_owner boolean;
begin
  select coalesce(array_agg(distinct role_permissions.permission), '{}'), coalesce(bool_or(roles.system_role_key = 'owner'), false)
  into v_permissions, v_is_owner
  from app_public.membership_roles
  join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
  left join app_public.role_permissions
    on role_permissions.organization_id = roles.organization_id and role_permissions.role_id = roles.id
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id;

  if v_membership.human_id is distinct from app_hidden.current_principal_id() then
    perform app_private.require_permission(v_membership.organization_id, 'members.manage');
    perform app_private.require_grantable(v_membership.organization_id, array_remove(v_permissions, null));
  end if;
  if v_is_owner then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id
  returning * into v_membership;
  return v_membership;
end;
$$;

comment on function app_public.end_membership is
  'Ends a membership: one''s own, or a colleague''s with members.manage. STATE last_owner when nobody else owns the clinic.';
grant execute on function app_public.end_membership to app_member;

reset role;
