-- The same data key in another wrapping: no envelope notices. FND-11.

set role app_engine;

create or replace function app_private.rewrap_data_key(id uuid, was bytea, wrapped bytea, master_key_id text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.data_keys
  set wrapped = rewrap_data_key.wrapped, master_key_id = rewrap_data_key.master_key_id
  where data_keys.id = rewrap_data_key.id and data_keys.wrapped = rewrap_data_key.was;
  return found;
end;
$$;

comment on function app_private.rewrap_data_key is
  'Replaces the wrapping if it is still the one that was read; false when somebody else was faster.';
grant execute on function app_private.rewrap_data_key to app_worker;

reset role;
