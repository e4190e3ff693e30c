-- Whether the vendor took a clinic's keys. Five refusals in a row switch the integration off: a vendor that is asked
-- with bad keys for hours locks accounts, and the clinic should hear of it. FND-23.

set role app_engine;

create or replace function app_hidden.record_integration_result(integration_id uuid, ok boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  if ok then
    -- Most uses find nothing to write: the row is not written for each message.
    update app_public.organization_integrations
    set last_used_at = app_hidden.now(), consecutive_auth_failures = 0
    where organization_integrations.id = record_integration_result.integration_id
      and (organization_integrations.consecutive_auth_failures > 0
           or organization_integrations.last_used_at is null
           or organization_integrations.last_used_at < app_hidden.now() - interval '5 minutes');
    return;
  end if;

  update app_public.organization_integrations
  set consecutive_auth_failures = organization_integrations.consecutive_auth_failures + 1,
      last_used_at = app_hidden.now()
  where organization_integrations.id = record_integration_result.integration_id
    and organization_integrations.status = 'active'
  returning * into v_integration;
  if v_integration.consecutive_auth_failures >= 5 then
    update app_public.organization_integrations
    set status = 'disabled', disabled_reason = 'credentials_refused', disabled_at = app_hidden.now()
    where organization_integrations.id = v_integration.id;
    perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
      '{"reason": "credentials_refused"}');
  end if;
end;
$$;

comment on function app_hidden.record_integration_result is
  'Counts what the vendor said of the keys: ok starts the count anew, five refusals in a row disable the integration.';
grant execute on function app_hidden.record_integration_result to app_authenticator, app_worker;

reset role;
