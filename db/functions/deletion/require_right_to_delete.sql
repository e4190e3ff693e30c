-- Whoever may delete a row may bring it back. FND-10, FND-04.

create or replace function app_private.require_right_to_delete(permission text, organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if permission is not null then
    perform app_private.require_permission(organization_id, permission);
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_right_to_delete is
  'Refuses as require_permission() does; without a permission, everybody but superadmins.';
grant execute on function app_private.require_right_to_delete to app_engine;
