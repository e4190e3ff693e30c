-- Writes what own_rows() was told: new and changed rows first, those that others point at before those that point;
-- then, in the opposite order, takes out the rows that no file has any more. A row that is as its file says is not
-- touched, so that nothing is stamped or audited. Staged behind the files of db/reference (db/migrating/current.ts).

create or replace function app_private.write_owned_rows() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_pending app_private.owned_rows[] := array(select part from app_private.pending_rows() as part);
  v_owned app_private.owned_rows;
  v_problems text;
begin
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

comment on function app_private.write_owned_rows is
  'Makes the tables hold the rows that own_rows() was told since the last time; refuses, naming them, to take out rows '
  'that others point at.';
