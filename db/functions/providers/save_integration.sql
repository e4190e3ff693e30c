-- Adds or changes a clinic's account at a vendor. The keys arrive sealed; without any, the present ones stay,
-- unless the settings lead elsewhere (tg_organization_integrations__bind_keys). FND-23, FND-35.
-- Behind the mutation saveIntegration, which seals them before this is called: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.save_integration(
  id uuid,
  organization_id uuid,
  provider text,
  label text,
  settings jsonb,
  credentials bytea default null,
  last_four jsonb default null,
  is_new boolean default true
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
  v_problem text;
begin
  if is_new then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif (app_private.locked_integration(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_provider := app_private.require_provider(provider);
  v_problem := app_private.settings_problem(v_provider.settings_fields, settings);
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'setting_invalid', jsonb_build_object('field', 'settings.' || left(v_problem, 50)));
  end if;

  if is_new then
    insert into app_public.organization_integrations
      (id, organization_id, provider, label, settings, credentials, last_four, created_by)
    values
      (save_integration.id, save_integration.organization_id, v_provider.key, btrim(save_integration.label),
       save_integration.settings, save_integration.credentials, save_integration.last_four, app_private.current_actor_id());
    perform app_private.publish('integration.added', organization_id, id);
  else
    update app_public.organization_integrations as integration
    set label = btrim(save_integration.label),
        settings = save_integration.settings,
        credentials = coalesce(save_integration.credentials, integration.credentials),
        last_four = case when save_integration.credentials is null then integration.last_four else save_integration.last_four end,
        credentials_version = integration.credentials_version + (save_integration.credentials is not null)::int,
        -- What was found out about other keys or settings says nothing about these.
        consecutive_auth_failures = 0,
        last_tested_at = null, last_test_passed = null, last_test_reason = null
    where integration.id = save_integration.id and integration.provider = v_provider.key;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform app_private.publish('integration.changed', organization_id, id,
      jsonb_build_object('credentialsChanged', credentials is not null));
  end if;
  return id;
end;
$$;

comment on function app_hidden.save_integration is
  'Stores an integration whose keys were sealed for this id. Needs integrations.manage.';
grant execute on function app_hidden.save_integration to app_member;

reset role;
