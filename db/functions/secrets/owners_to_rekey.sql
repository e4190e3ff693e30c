-- Whose data key is older than the rotation. FND-11.

set role app_engine;

create or replace function app_private.owners_to_rekey(rotation_id uuid, batch int)
returns table (organization_id uuid, next_version int)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.organization_id, data_keys.version + 1
  from app_private.data_keys
  join app_private.key_rotations
    on key_rotations.id = owners_to_rekey.rotation_id and data_keys.created_at < key_rotations.started_at
  where data_keys.status = 'active'
  order by data_keys.id
  limit owners_to_rekey.batch;
end;

comment on function app_private.owners_to_rekey is
  'The next clinics (null: the platform) that still seal with a data key from before the rotation.';
grant execute on function app_private.owners_to_rekey to app_worker;

reset role;
