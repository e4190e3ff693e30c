-- What was deleted comes back, with what went along. A unique name that somebody took meanwhile stands in the way, as
-- for any new row: the constraint refuses. FND-10.

set role app_engine;

create or replace function app_public.restore_deleted_row(entity text, row_id uuid) returns app_public.deleted_row
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_row app_public.deleted_row;
  v_leader_lives boolean;
begin
  -- What the caller says is looked up and never becomes SQL.
  select soft_deletes.table_name, soft_deletes.permission, soft_deletes.follows into v_rule
  from app_private.soft_deletes
  where soft_deletes.table_name = 'app_public.' || restore_deleted_row.entity;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'entity_unknown', '{"field": "entity"}');
  end if;

  execute app_private.deleted_rows_query(v_rule.table_name, 'r.id = $1') into v_row using row_id;
  perform app_private.require_right_to_delete(v_rule.permission, v_row.organization_id);

  if v_rule.follows is not null then
    -- Locked first, as whoever deletes it does: it neither goes nor comes back meanwhile.
    execute format(
      'select leader.deleted_at is null from %1$s as leader
       where leader.id = (select leader.id from %2$s as follower join %1$s as leader on %3$s where follower.id = $1)
       for share',
      v_rule.follows::regclass, v_rule.table_name::regclass, app_private.follows_where(v_rule.table_name, v_rule.follows))
    into v_leader_lives using row_id;
    if not v_leader_lives then
      perform app_hidden.refuse(
        'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', split_part(v_rule.follows, '.', 2)));
    end if;
  end if;

  if not app_private.mark_restored(v_rule.table_name, row_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_row;
end;
$$;

comment on function app_public.restore_deleted_row is
  'Brings back what deletedRows lists, with what was deleted along with it. Needs the permission that deletes. NOT_FOUND '
  'when it is not deleted; CONFLICT when something else took its unique name meanwhile, or what it belongs to is deleted.';
grant execute on function app_public.restore_deleted_row to app_member;

reset role;

create or replace function app_private.mark_restored(table_name text, row_id uuid) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_deleted_at timestamptz;
begin
  execute format(
    'update %s as r set deleted_at = null where r.id = $1 and r.deleted_at is not null returning old.deleted_at',
    mark_restored.table_name::regclass)
  into v_deleted_at using row_id;
  if v_deleted_at is null then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_restored.table_name, row_id, v_deleted_at) loop
    perform app_private.mark_restored(v_follower.follower, v_follower.follower_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_restored is
  'Clears deleted_at of a deleted row and of what went with it; false when there is none. The caller has checked who may.';
grant execute on function app_private.mark_restored to app_engine;
