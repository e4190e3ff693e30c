-- Writes what own_rows() was told: new and changed rows first, those that others point at before those that point;
-- then, in the opposite order, takes out the rows that no file has any more. A row that is as its file says is not
-- touched, so that nothing is stamped or audited. Staged behind the files of db/reference (db/migrating/current.ts).

create or replace function app_private.write_owned_rows() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_pending app_private.owned_rows[];
  v_owned app_private.owned_rows;
  v_problems text;
begin
  with recursive depth (table_oid, steps) as (
    select distinct waiting.table_name::regclass, 0 from app_private.owned_rows as waiting where waiting.pending is not null
    union
    select key.conrelid::regclass, depth.steps + 1
    from depth
    join pg_catalog.pg_constraint as key
      on key.contype = 'f' and key.confrelid = depth.table_oid and key.conrelid <> depth.table_oid
    join app_private.owned_rows as child on child.pending is not null and child.table_name::regclass = key.conrelid
    where depth.steps < 20
  )
  select coalesce(array_agg(owned order by
           (select max(depth.steps) from depth where depth.table_oid = owned.table_name::regclass), owned.table_name, owned.scope), '{}')
    into v_pending
  from app_private.owned_rows as owned
  where owned.pending is not null;

  foreach v_owned in array v_pending loop
    perform app_private.put_owned_rows(v_owned);
  end loop;
  for v_place in reverse cardinality(v_pending) .. 1 loop
    v_problems := concat_ws(E'\n', v_problems, app_private.prune_owned_rows(v_pending[v_place]));
  end loop;
  if v_problems <> '' then
    raise exception using
      errcode = 'foreign_key_violation',
      message = E'Rows that no file of db/reference has any more are in use:\n' || v_problems,
      hint = 'Keep them, or first change what points at them: in a file of db/migrations/current.';
  end if;

  delete from app_private.owned_rows where owned_rows.pending = '[]';
  update app_private.owned_rows set pending = null where owned_rows.pending is not null;
end;
$$;

comment on function app_private.write_owned_rows() is
  'Makes the tables hold the rows that own_rows() was told since the last time; refuses, naming them, to take out rows '
  'that others point at.';
