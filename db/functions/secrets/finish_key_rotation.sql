-- The end of a rotation: nothing is left that it began. FND-11.

set role app_engine;

create or replace function app_private.finish_key_rotation(rotation_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.key_rotations set finished_at = clock_timestamp()
  where key_rotations.id = finish_key_rotation.rotation_id
    and key_rotations.finished_at is null
    and not exists (select from app_private.data_keys where data_keys.status = 'retiring')
    and not exists (
      select from app_private.data_keys
      where data_keys.status = 'active' and data_keys.created_at < key_rotations.started_at);
  return found;
end;
$$;

comment on function app_private.finish_key_rotation is
  'Closes a rotation; false while a data key still waits for its successor or for its retirement.';
grant execute on function app_private.finish_key_rotation to app_worker;

reset role;
