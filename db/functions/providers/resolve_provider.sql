-- Who serves a capability for a clinic, and with which account: the one place that knows. FND-22.
-- A clinic's own account that is switched off is not replaced by the platform's behind its back.

set role app_engine;

create or replace function app_hidden.resolve_provider(organization_id uuid, capability text)
returns table (provider text, settings jsonb, credentials bytea, integration_id uuid, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_provider text;
  v_integration_id uuid;
  v_status text;
  v_settings jsonb;
  v_credentials bytea;
  v_bound_to text;
begin
  perform app_private.require_capability(capability);

  select choice.provider, choice.integration_id, integration.status, integration.settings, integration.credentials::bytea,
    integration.credentials_bound_to
  into v_provider, v_integration_id, v_status, v_settings, v_credentials, v_bound_to
  from app_public.organization_service_providers as choice
  left join app_public.organization_integrations as integration
    on integration.organization_id = choice.organization_id and integration.id = choice.integration_id
  where choice.organization_id = resolve_provider.organization_id and choice.capability = resolve_provider.capability;

  if v_status = 'disabled' then
    perform app_hidden.refuse(
      'STATE', 'integration_disabled',
      jsonb_build_object('capability', capability, 'provider', v_provider, 'integrationId', v_integration_id));
  end if;
  if v_provider is null then
    select offer.provider into v_provider
    from app_public.platform_service_providers as offer
    where offer.capability = resolve_provider.capability and offer.is_default;
  end if;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', jsonb_build_object('capability', capability));
  end if;
  return query select v_provider, coalesce(v_settings, '{}'), v_credentials, v_integration_id, v_bound_to;
end;
$$;

comment on function app_hidden.resolve_provider is
  'The provider of a capability for a clinic, with the settings and sealed keys of its own account, and what they are '
  'sealed for; without keys, the platform''s account. Refuses what is not built and what is switched off.';
grant execute on function app_hidden.resolve_provider to app_authenticator, app_worker;

reset role;
