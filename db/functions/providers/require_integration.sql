-- Asked before a test: is this an integration that the caller manages? FND-23.

set role app_engine;

create or replace function app_hidden.require_integration(integration_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select organization_integrations.organization_id into v_organization_id
  from app_public.organization_integrations
  where organization_integrations.id = require_integration.integration_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_organization_id, 'integrations.manage');
end;
$$;

comment on function app_hidden.require_integration is
  'Passes when the caller manages this integration; NOT_FOUND for another clinic''s, FORBIDDEN for a colleague.';
grant execute on function app_hidden.require_integration to app_member;

reset role;
