-- What a vendor is called with, for the processes that open envelopes; people never read it. FND-23.

set role app_engine;

create or replace function app_hidden.integration_account(integration_id uuid)
returns table (
  organization_id uuid, provider text, settings jsonb, credentials bytea, state text, bound_to text
)
language sql stable strict security definer
set search_path = ''
begin atomic
  select organization_integrations.organization_id, organization_integrations.provider,
         organization_integrations.settings, organization_integrations.credentials::bytea,
         app_private.account_state(organization_integrations), organization_integrations.credentials_bound_to
  from app_public.organization_integrations
  where organization_integrations.id = integration_account.integration_id;
end;

comment on function app_hidden.integration_account is 'The account behind an integration, its keys sealed, and the state that a test is of; no row when there is none.';
grant execute on function app_hidden.integration_account to app_authenticator, app_worker;

reset role;
