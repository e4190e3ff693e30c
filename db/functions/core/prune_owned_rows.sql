-- One step of write_owned_rows(): takes out the rows of a part that its file has no more. Where other rows point at
-- one, it stays; which, and who points, is the answer.

create or replace function app_private.prune_owned_rows(owned app_private.owned_rows) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := owned.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_row record;
  v_detail text;
  v_problems text[] := '{}';
begin
  for v_row in execute format(
    'select t.ctid as place, row(%2$s)::text as key from %1$s as t
     where %4$s and not exists (select from jsonb_populate_recordset(null::%1$s, $1) as r where row(%3$s) = row(%2$s))
     order by 2',
    v_table, app_private.columns_as('t', v_key), app_private.columns_as('r', v_key),
    app_private.in_scope('t', v_table, owned.scope))
    using owned.pending
  loop
    begin
      execute format('delete from %s where ctid = $1', v_table) using v_row.place;
    exception when foreign_key_violation or restrict_violation then
      get stacked diagnostics v_detail = pg_exception_detail;
      v_problems := v_problems || format('  %s %s: %s', owned.table_name, v_row.key, v_detail);
    end;
  end loop;
  return nullif(array_to_string(v_problems, E'\n'), '');
end;
$$;

comment on function app_private.prune_owned_rows is
  'Deletes the rows of one part of a table that are not pending any more. Answers with those that are in use, one a line; null: none.';
