-- A vendor that a clinic may have an account at: known, and offered for something. FND-22, FND-23.

create or replace function app_private.require_provider(provider text) returns app_public.service_providers
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
begin
  select service_providers.* into v_provider
  from app_public.service_providers
  where service_providers.key = require_provider.provider
    and service_providers.credential_fields <> '[]'
    and exists (
      select from app_public.platform_service_providers as offer
      where offer.provider = service_providers.key and offer.is_offered);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'provider_not_offered', '{"field": "provider"}');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.require_provider is
  'The provider, or a refusal when it is unknown, not offered or has no accounts.';
grant execute on function app_private.require_provider to app_engine;
