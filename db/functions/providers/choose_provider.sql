-- A clinic chooses who serves a capability, among what the platform offers. FND-22.

set role app_engine;

create or replace function app_public.choose_provider(
  organization_id uuid, capability text, provider text, integration_id uuid default null
) returns app_public.organization_service_providers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_offer app_public.platform_service_providers;
  v_choice app_public.organization_service_providers;
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);

  -- The lock keeps the offer as it is until the choice is written.
  select offer.* into v_offer
  from app_public.platform_service_providers as offer
  where offer.capability = choose_provider.capability and offer.provider = choose_provider.provider
    and (offer.is_offered or offer.is_default)
  for share;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'provider_not_offered', '{"field": "provider"}');
  end if;
  if integration_id is null and not v_offer.has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'integration_required', '{"field": "integrationId"}');
  end if;
  if integration_id is not null then
    perform from app_public.organization_integrations as integration
    where integration.organization_id = choose_provider.organization_id
      and integration.id = choose_provider.integration_id
      and integration.provider = choose_provider.provider
    for share;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{"field": "integrationId"}');
    end if;
  end if;

  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (choose_provider.organization_id, choose_provider.capability, choose_provider.provider, choose_provider.integration_id)
  on conflict on constraint organization_service_providers_pkey do update
    set provider = excluded.provider, integration_id = excluded.integration_id
  returning * into v_choice;
  return v_choice;
end;
$$;

comment on function app_public.choose_provider is
  'Chooses who serves a capability for the clinic, with its own integration or with the platform''s account. Needs integrations.manage.';
grant execute on function app_public.choose_provider to app_member;

reset role;
