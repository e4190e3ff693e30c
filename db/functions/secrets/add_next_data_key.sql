-- From here on a clinic seals with a new key; the one before stays readable and is retired when nothing uses it. FND-11.

set role app_engine;

create or replace function app_private.add_next_data_key(
  organization_id uuid, version int, wrapped bytea, master_key_id text
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_private.data_keys set status = 'retiring'
  where (data_keys.organization_id = add_next_data_key.organization_id
         or data_keys.organization_id is null and add_next_data_key.organization_id is null)
    and data_keys.status = 'active'
    and data_keys.version = add_next_data_key.version - 1;
  if not found then
    return false;
  end if;
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_next_data_key.organization_id, add_next_data_key.version, add_next_data_key.wrapped,
          add_next_data_key.master_key_id);
  return true;
end;
$$;

comment on function app_private.add_next_data_key is
  'Makes this the key that seals, after the version before it; false when that one does not seal any more.';
grant execute on function app_private.add_next_data_key to app_worker;

reset role;
