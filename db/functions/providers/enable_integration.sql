-- Switched on again, once the vendor has taken the keys. FND-23.

set role app_engine;

create or replace function app_public.enable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  if v_integration.status = 'disabled'
     and not coalesce(v_integration.last_test_passed and v_integration.last_tested_at >= v_integration.disabled_at, false) then
    perform app_hidden.refuse(
      'STATE', 'test_must_pass_first', jsonb_build_object('from', v_integration.status, 'to', 'active'));
  end if;
  update app_public.organization_integrations
  set status = 'active', disabled_reason = null, disabled_at = null, consecutive_auth_failures = 0
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.enabled', v_integration.organization_id, v_integration.id);
  return v_integration;
end;
$$;

comment on function app_public.enable_integration is
  'Switches an integration on again. A test must have passed since it was disabled. Needs integrations.manage.';
grant execute on function app_public.enable_integration to app_member;

reset role;
