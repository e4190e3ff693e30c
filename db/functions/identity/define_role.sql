-- A clinic's own role, made or changed in one statement. System roles stay as they are. FND-04.

set role app_engine;

create or replace function app_public.define_role(
  organization_id uuid,
  key text,
  name text,
  permissions text[]
) returns app_public.roles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role app_public.roles;
  v_unknown text;
begin
  perform app_private.require_permission(organization_id, 'roles.manage');
  -- Null would neither give nor take: an empty list says "nothing", null says nothing.
  if permissions is null then
    perform app_hidden.refuse('VALIDATION', 'permissions_missing', '{"field": "permissions"}');
  end if;

  select asked.permission into v_unknown
  from unnest(permissions) as asked (permission)
  where not exists (select from app_public.permissions as known where known.name = asked.permission)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'permission_unknown', jsonb_build_object('field', 'permissions', 'permission', v_unknown));
  end if;
  perform app_private.require_grantable(organization_id, permissions);

  insert into app_public.roles (organization_id, key, name)
  values (define_role.organization_id, define_role.key, define_role.name)
  on conflict on constraint roles_key_is_unique_per_organization do update set name = excluded.name
    where roles.system_role_key is null
  returning * into v_role;
  if not found then
    perform app_hidden.refuse('IMMUTABLE', 'system_role', '{"field": "key"}');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(v_role.organization_id, v_role.id));

  delete from app_public.role_permissions
  where role_permissions.organization_id = v_role.organization_id
    and role_permissions.role_id = v_role.id
    and role_permissions.permission <> all (permissions);
  insert into app_public.role_permissions (organization_id, role_id, permission)
  select v_role.organization_id, v_role.id, asked.permission
  from unnest(permissions) as asked (permission)
  on conflict do nothing;
  return v_role;
end;
$$;

comment on function app_public.define_role is
  'Makes or changes a clinic''s own role. Needs roles.manage and every permission named; IMMUTABLE for system roles.';
grant execute on function app_public.define_role to app_member;

reset role;
