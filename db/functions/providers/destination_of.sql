-- Where the keys of an account go, as one text that is the same for the same destination. FND-35.
-- Settings that are not there stand in it as null, so that one that is added later is another destination.

set role app_engine;

create or replace function app_private.destination_of(provider text, settings jsonb) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select jsonb_build_object('provider', service_providers.key, 'settings', coalesce((
    select jsonb_object_agg(field ->> 'name', destination_of.settings -> (field ->> 'name'))
    from jsonb_array_elements(service_providers.settings_fields) as field
    where (field ->> 'destination')::boolean), '{}'))::text
  from app_public.service_providers
  where service_providers.key = destination_of.provider;
end;

comment on function app_private.destination_of is
  'The provider with those of its settings that say where an account is, as text: what its keys are bound to.';

reset role;
