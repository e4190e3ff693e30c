-- Asked before anything is encrypted: may the caller save this integration, which keys belong into it, and what are they
-- sealed for? FND-23, FND-35.

set role app_engine;

create or replace function app_hidden.integration_form(
  organization_id uuid, provider text, integration_id uuid, settings jsonb, out fields jsonb, out bound_to text
)
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
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  fields := (app_private.require_provider(provider)).credential_fields;
  bound_to := app_private.destination_of(provider, settings);
end;
$$;

comment on function app_hidden.integration_form is
  'The credential fields of the provider and the destination that these settings make, for a caller who may save this '
  'integration; refusals otherwise.';
grant execute on function app_hidden.integration_form to app_member;

reset role;
