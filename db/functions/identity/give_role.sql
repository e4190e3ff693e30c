-- Gives a role that exists at the clinic and allows no more than the giver may. FND-04.

create or replace function app_private.give_role(organization_id uuid, membership_id uuid, role_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.roles
    where roles.organization_id = give_role.organization_id and roles.id = give_role.role_id
  ) then
    perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleId"}');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, role_id));
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (give_role.organization_id, give_role.membership_id, give_role.role_id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.give_role is 'Gives a role to a member; FORBIDDEN above_yourself, VALIDATION role_not_found.';
grant execute on function app_private.give_role to app_engine;
