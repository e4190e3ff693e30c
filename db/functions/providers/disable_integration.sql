-- Switched off by hand: nothing goes through this account any more. FND-23.

set role app_engine;

create or replace function app_public.disable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  update app_public.organization_integrations
  set status = 'disabled', disabled_reason = 'by_staff', disabled_at = app_hidden.now()
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
    '{"reason": "by_staff"}');
  return v_integration;
end;
$$;

comment on function app_public.disable_integration is
  'Switches an integration off. What it served is refused until it is enabled or another provider is chosen. Needs integrations.manage.';
grant execute on function app_public.disable_integration to app_member;

reset role;
