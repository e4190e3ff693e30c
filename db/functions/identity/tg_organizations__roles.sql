-- A new clinic has its roles in the same transaction, whoever creates it. FND-04.

set role app_engine;

create or replace function app_private.tg_organizations__roles() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_public.roles (organization_id, key, name, system_role_key)
  select new.id, system_roles.key, case new.locale when 'ro' then system_roles.name_ro else system_roles.name end, system_roles.key
  from app_public.system_roles;

  insert into app_public.role_permissions (organization_id, role_id, permission)
  select roles.organization_id, roles.id, system_role_permissions.permission
  from app_public.roles
  join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
  where roles.organization_id = new.id;
  return new;
end;
$$;

comment on function app_private.tg_organizations__roles is 'Copies the system roles into a new clinic. Trigger _500_roles.';

reset role;

create or replace trigger _500_roles after insert on app_public.organizations
  for each row execute function app_private.tg_organizations__roles();
