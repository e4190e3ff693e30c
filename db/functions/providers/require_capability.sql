-- A capability that can be served. What is declared and not built is said to be so. FND-22.

create or replace function app_private.require_capability(capability text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_built boolean;
begin
  select service_capabilities.is_built into v_is_built
  from app_public.service_capabilities
  where service_capabilities.key = require_capability.capability;
  if v_is_built is null then
    perform app_hidden.refuse('VALIDATION', 'capability_unknown', '{"field": "capability"}');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'capability_not_built', jsonb_build_object('capability', capability));
  end if;
end;
$$;

comment on function app_private.require_capability is 'Refuses a capability that is unknown, or declared and not built.';
grant execute on function app_private.require_capability to app_engine;
