-- A key opens nothing any more. Requests that are under way are waited for. FND-24, BIL-09.

set role app_engine;

create or replace function app_public.revoke_service_account_key(key_id uuid) returns app_public.service_account_keys
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_key app_public.service_account_keys;
begin
  select service_account_keys.* into v_key
  from app_public.service_account_keys
  where service_account_keys.id = revoke_service_account_key.key_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif not app_hidden.is_superadmin() then
    -- The platform's is not there for anybody else.
    perform app_private.require_permission(v_key.organization_id, 'integrations.manage');
  end if;
  update app_public.service_account_keys
  set revoked_at = coalesce(service_account_keys.revoked_at, app_hidden.now()),
      revoked_by = coalesce(service_account_keys.revoked_by, app_private.current_actor_id())
  where service_account_keys.id = v_key.id
  returning * into v_key;
  return v_key;
end;
$$;

comment on function app_public.revoke_service_account_key is
  E'@arg keyId The key.\nRevokes a key at once; once more changes nothing. Needs integrations.manage; superadmins revoke any.';
grant execute on function app_public.revoke_service_account_key to app_member;

reset role;
