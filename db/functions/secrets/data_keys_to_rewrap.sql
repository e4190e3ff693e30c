-- Data keys that another master key wrapped, also the retired ones: backups need them. FND-11.

set role app_engine;

create or replace function app_private.data_keys_to_rewrap(master_key_id text, after uuid, batch int)
returns table (id uuid, organization_id uuid, version int, wrapped bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.id, data_keys.organization_id, data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where data_keys.master_key_id <> data_keys_to_rewrap.master_key_id
    and (data_keys.id > data_keys_to_rewrap.after or data_keys_to_rewrap.after is null)
  order by data_keys.id
  limit data_keys_to_rewrap.batch;
end;

comment on function app_private.data_keys_to_rewrap is 'The next data keys that this master key does not wrap.';
grant execute on function app_private.data_keys_to_rewrap to app_worker;

reset role;
