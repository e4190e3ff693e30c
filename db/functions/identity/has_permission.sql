-- The permission check, in the form that functions use. FND-04.

create or replace function app_hidden.has_permission(organization_id uuid, permission text) returns boolean
language sql stable
set search_path = ''
return has_permission.organization_id = any (app_hidden.organization_ids_where(has_permission.permission));

comment on function app_hidden.has_permission is 'Whether the caller may do this at that clinic.';
grant execute on function app_hidden.has_permission to app_member, app_anonymous, app_engine;
