-- The platform says which vendors it offers, and which serves whoever chose none. FND-22.

set role app_engine;

create or replace function app_public.set_platform_provider(
  capability text, provider text, is_offered boolean, is_default boolean, has_platform_account boolean
) returns app_public.platform_service_providers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_provider app_public.platform_service_providers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  perform app_private.require_capability(capability);
  perform pg_advisory_xact_lock(hashtextextended('platform_service_providers:' || capability, 0));

  select offer.* into v_provider
  from app_public.platform_service_providers as offer
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if v_provider.is_default and not is_default then
    perform app_hidden.refuse('CONFLICT', 'default_needs_a_successor', jsonb_build_object('capability', capability));
  end if;
  if is_default and not has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'default_needs_an_account', '{"field": "hasPlatformAccount"}');
  end if;
  if not has_platform_account and exists (
    select from app_public.organization_service_providers as choice
    where choice.capability = set_platform_provider.capability and choice.provider = set_platform_provider.provider
      and choice.integration_id is null
  ) then
    perform app_hidden.refuse('CONFLICT', 'platform_account_in_use', jsonb_build_object('capability', capability));
  end if;

  if is_default then
    update app_public.platform_service_providers as offer set is_default = false
    where offer.capability = set_platform_provider.capability and offer.is_default
      and offer.provider <> set_platform_provider.provider;
  end if;
  update app_public.platform_service_providers as offer
  set is_offered = set_platform_provider.is_offered,
      is_default = set_platform_provider.is_default,
      has_platform_account = set_platform_provider.has_platform_account
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  returning * into v_provider;
  return v_provider;
end;
$$;

comment on function app_public.set_platform_provider is
  'Sets whether clinics may choose a provider, whether it serves those that chose none, and whether the platform has an account there. Superadmin only.';
grant execute on function app_public.set_platform_provider to app_member;

reset role;
