-- Asked before anything is encrypted: may the caller save this integration, and which keys belong into it? FND-23.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/providers/require_provider.sql

set role app_engine;

create or replace function app_hidden.integration_form(organization_id uuid, provider text, integration_id uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  if integration_id is not null and not exists (
    select from app_public.organization_integrations
    where organization_integrations.organization_id = integration_form.organization_id
      and organization_integrations.id = integration_form.integration_id
      and organization_integrations.provider = integration_form.provider
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return (app_private.require_provider(provider)).credential_fields;
end;
$$;

comment on function app_hidden.integration_form(uuid, text, uuid) is
  'The credential fields of the provider, for a caller who may save this integration; refusals otherwise.';
grant execute on function app_hidden.integration_form(uuid, text, uuid) to app_member;

reset role;
