-- The first secret of a clinic makes its data key. Two processes may both bring one: the first is kept, and both
-- are answered with that. FND-11.

set role app_engine;

create or replace function app_hidden.add_first_data_key(organization_id uuid, wrapped bytea, master_key_id text)
returns table (key_version int, wrapped_key bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_first_data_key.organization_id, 1, add_first_data_key.wrapped, add_first_data_key.master_key_id)
  on conflict do nothing;

  -- A statement of its own: it sees what somebody else has committed while we waited.
  return query select active.* from app_hidden.data_key(add_first_data_key.organization_id) as active;
end;
$$;

comment on function app_hidden.add_first_data_key is
  'Keeps the first data key of a clinic (null: the platform) and answers with the one that was kept, ours or another''s.';
grant execute on function app_hidden.add_first_data_key to app_authenticator, app_worker;

reset role;
