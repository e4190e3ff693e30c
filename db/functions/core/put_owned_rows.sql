-- One step of write_owned_rows(): inserts the rows that are not there, updates those that differ.

create or replace function app_private.put_owned_rows(owned app_private.owned_rows) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := owned.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_given text[];
  v_changing text[];
begin
  -- What has a default and is not given is nobody's here: a stamp, for instance. Anything else is null where not given.
  v_given := array(
    select known.name from app_private.columns_to_write(v_table) as known
    where not known.has_default or known.name = any (owned.columns) or owned.scope ? known.name);
  v_changing := array(select name from unnest(v_given) as name where name <> all (v_key || owned.given_once));

  if v_changing <> '{}' then
    execute format(
      'update %1$s as t set %2$s from jsonb_populate_recordset(null::%1$s, $1) as r
       where row(%3$s) = row(%4$s) and row(%5$s) is distinct from row(%6$s)',
      v_table, (select string_agg(format('%1$I = r.%1$I', name), ', ') from unnest(v_changing) as name),
      app_private.columns_as('t', v_key), app_private.columns_as('r', v_key),
      app_private.columns_as('t', v_changing), app_private.columns_as('r', v_changing))
      using owned.pending;
  end if;
  execute format(
    'insert into %1$s (%2$s) select %3$s from jsonb_populate_recordset(null::%1$s, $1) as r
     where not exists (select from %1$s as t where row(%4$s) = row(%5$s))',
    v_table, (select string_agg(format('%I', name), ', ') from unnest(v_given) as name), app_private.columns_as('r', v_given),
    app_private.columns_as('t', v_key), app_private.columns_as('r', v_key))
    using owned.pending;
end;
$$;

comment on function app_private.put_owned_rows is
  'Inserts and updates the pending rows of one part of a table; equal rows are not written.';
