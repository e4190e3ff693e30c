-- An integration that the caller manages, locked; another clinic's is not there. FND-23.

create or replace function app_private.locked_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = locked_integration.integration_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_integration.organization_id, 'integrations.manage');
  return v_integration;
end;
$$;

comment on function app_private.locked_integration is
  'Locks an integration for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without integrations.manage.';
grant execute on function app_private.locked_integration to app_engine;
