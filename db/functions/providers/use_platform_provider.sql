-- Back to what the platform provides. FND-22.

set role app_engine;

create or replace function app_public.use_platform_provider(organization_id uuid, capability text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);
  delete from app_public.organization_service_providers as choice
  where choice.organization_id = use_platform_provider.organization_id
    and choice.capability = use_platform_provider.capability;
  return found;
end;
$$;

comment on function app_public.use_platform_provider is
  E'@resultFieldName wasChosen\n'
  'Takes the clinic''s choice back: the platform''s default serves. True when there was one. Needs integrations.manage.';
grant execute on function app_public.use_platform_provider to app_member;

reset role;
