-- Lets a program in for this transaction: its key is not revoked, and is for what is asked. What is written is attributed to the
-- key's principal. A key that is revoked meanwhile is waited for: either all of the request comes before, or nothing. FND-24, BIL-09.

create or replace function app_private.use_service_key(digest bytea, scope text) returns app_public.service_account_keys
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'UTC')::date;
  v_key app_public.service_account_keys;
begin
  -- Once a day, and before the row is shared: two that share it could not both change it.
  update app_public.service_account_keys set last_used_on = v_today
  where service_account_keys.digest = use_service_key.digest
    and service_account_keys.revoked_at is null
    and service_account_keys.last_used_on is distinct from v_today;

  select service_account_keys.* into v_key
  from app_public.service_account_keys
  where service_account_keys.digest = use_service_key.digest
    and service_account_keys.revoked_at is null
  for share;
  if not found or not app_private.has_open_owner(v_key) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'service_key_invalid');
  elsif v_key.scope <> use_service_key.scope then
    perform app_hidden.refuse('FORBIDDEN', 'service_key_of_another_scope', jsonb_build_object('scope', v_key.scope));
  end if;
  perform set_config('app.principal_id', v_key.principal_id::text, true);
  return v_key;
end;
$$;

comment on function app_private.use_service_key is
  'The key of this digest, which cannot be revoked before the transaction ends. UNAUTHENTICATED service_key_invalid for one that is '
  'unknown or revoked; FORBIDDEN service_key_of_another_scope.';
grant execute on function app_private.use_service_key to app_engine;

create or replace function app_private.has_open_owner(key app_public.service_account_keys) returns boolean
language sql stable
set search_path = ''
begin atomic
  select (key).organization_id is null or exists (
    select from app_public.organizations
    where organizations.id = (key).organization_id and organizations.deleted_at is null);
end;

comment on function app_private.has_open_owner is 'Whether whose key it is is still there: the platform, or a clinic that was not removed.';
grant execute on function app_private.has_open_owner to app_engine;
