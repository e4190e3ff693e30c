-- Hands out a data key as it is kept: wrapped. Only KMS can make it of use. FND-11.

set role app_engine;

create or replace function app_hidden.data_key(organization_id uuid, version int default null)
returns table (key_version int, wrapped_key bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where (data_keys.organization_id = data_key.organization_id
         or data_keys.organization_id is null and data_key.organization_id is null)
    and case when data_key.version is null then data_keys.status = 'active' else data_keys.version = data_key.version end;
end;

comment on function app_hidden.data_key is
  'The wrapped data key of a clinic (null: the platform''s) in this version, or the one that seals now; no row when there is none.';
grant execute on function app_hidden.data_key to app_authenticator, app_worker;

reset role;
