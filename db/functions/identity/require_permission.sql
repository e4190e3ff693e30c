-- What a verb says first. A stranger is told that there is no such clinic; a colleague is told what is missing.
-- FND-04.

create or replace function app_private.require_permission(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.has_permission(organization_id, permission) then
    return;
  end if;
  if organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('FORBIDDEN', 'permission_missing', jsonb_build_object('permission', permission));
  end if;
  perform app_hidden.refuse('NOT_FOUND', 'not_found');
end;
$$;

comment on function app_private.require_permission is
  'Refuses with FORBIDDEN for a colleague without the permission, with NOT_FOUND for anyone else.';
grant execute on function app_private.require_permission to app_engine;
