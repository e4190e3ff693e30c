-- What a test of a clinic's account is a test of: these keys, these settings, and the account as it was switched off or on.
-- Whoever changes one of them while the vendor is asked has to ask again. FND-23.

create or replace function app_private.account_state(integration app_public.organization_integrations) returns text
language sql stable
set search_path = ''
return encode(sha256(convert_to(
  jsonb_build_array((integration).credentials_version, (integration).settings, (integration).status, (integration).disabled_at)::text,
  'UTF8')), 'hex');

comment on function app_private.account_state is
  'A digest of version of the keys, settings, status and moment of switching off.';
grant execute on function app_private.account_state to app_engine;
