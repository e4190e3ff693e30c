-- Deletion that can be taken back: every verb that removes something ends here. FND-10.

create or replace function app_private.soft_delete(table_name text, row_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_permission text;
  v_row jsonb;
begin
  select soft_deletes.permission into strict v_permission
  from app_private.soft_deletes
  where soft_deletes.table_name = soft_delete.table_name;

  execute format('select to_jsonb(r) from %s as r where r.id = $1 and r.deleted_at is null', soft_delete.table_name::regclass)
  into v_row using row_id;
  perform app_private.require_right_to_delete(v_permission, (v_row ->> 'organization_id')::uuid);
  if not app_private.mark_deleted(soft_delete.table_name, row_id, app_hidden.now()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
end;
$$;

comment on function app_private.soft_delete is
  'Deletes a row of a registered table, with what follows it. FORBIDDEN for a colleague without the permission; NOT_FOUND '
  'for strangers, for what is deleted already, and for the slower of two.';
grant execute on function app_private.soft_delete to app_engine;

create or replace function app_private.mark_deleted(
  table_name text,
  row_id uuid,
  at timestamptz,
  leader text default null,
  leader_id uuid default null
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_count bigint;
begin
  -- Whether it follows is asked with the update: a row that went over to somebody else while it was waited for stays.
  execute format(
    'update %s as follower set deleted_at = $2 where follower.id = $1 and follower.deleted_at is null and %s',
    mark_deleted.table_name::regclass,
    case when leader is null then 'true'
      else format('exists (select from %s as leader where leader.id = $3 and %s)',
        leader::regclass, app_private.follows_where(mark_deleted.table_name, leader))
    end)
  using row_id, at, leader_id;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_deleted.table_name, row_id, null) loop
    perform app_private.mark_deleted(v_follower.follower, v_follower.follower_id, at, mark_deleted.table_name, row_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_deleted is
  'Sets deleted_at of a live row and of what follows it; false when there is none, or when it does not follow the leader '
  'that is named. The caller has checked who may.';
grant execute on function app_private.mark_deleted to app_engine;
