-- Takes an account out, with its keys. What a capability still uses stays: choose something else for it first. FND-23.

set role app_engine;

create or replace function app_public.remove_integration(integration_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
  v_capabilities jsonb;
begin
  select jsonb_agg(chosen.capability order by chosen.capability) into v_capabilities
  from app_public.organization_service_providers as chosen
  where chosen.organization_id = v_integration.organization_id and chosen.integration_id = v_integration.id;
  if v_capabilities is not null then
    perform app_hidden.refuse('CONFLICT', 'integration_in_use', jsonb_build_object('capabilities', v_capabilities));
  end if;
  delete from app_public.organization_integrations where organization_integrations.id = v_integration.id;
  perform app_private.publish('integration.removed', v_integration.organization_id, v_integration.id);
  return v_integration.id;
end;
$$;

comment on function app_public.remove_integration is
  E'@resultFieldName integrationId\n'
  'Deletes an integration and its keys. CONFLICT while a capability uses it. Needs integrations.manage.';
grant execute on function app_public.remove_integration to app_member;

reset role;
