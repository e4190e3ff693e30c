-- A rotation is begun once and gone on with until it is done, whoever is killed on the way. FND-11.

set role app_engine;

create or replace function app_private.open_key_rotation(begin_one boolean default true) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if begin_one then
    -- now() is when this transaction began: a data key that is made at this moment may get a successor too many.
    insert into app_private.key_rotations default values on conflict do nothing;
  end if;
  select key_rotations.id into v_id from app_private.key_rotations where key_rotations.finished_at is null;
  return v_id;
end;
$$;

comment on function app_private.open_key_rotation is
  'The rotation that is under way, begun now if there is none and begin_one says so; null otherwise.';
grant execute on function app_private.open_key_rotation to app_worker;

reset role;
