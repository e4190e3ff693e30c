-- The catalog lint, reference: the rows of a table that is classified as reference stand in a file of db/reference, each
-- in one, and nothing goes silently with a row that the product gives up. FND-05.

create or replace function tests.lint_owned_rows() returns table (object text, problem text)
language plpgsql stable as $$
declare
  v_table text;
  v_conditions text[];
begin
  return query
    select k.table_name, 'no file of db/reference owns its rows: see db/CONVENTIONS.md'
    from app_private.classified_tables k
    join tests.app_tables t on t.name = k.table_name
    where k.retention = 'reference' and not exists (select from app_private.owned_rows o where o.table_name = k.table_name)
    union all
    select o.table_name, 'its part ' || o.scope::text || ' waits to be written'
    from app_private.owned_rows o
    where o.pending is not null;

  for v_table, v_conditions in
    select k.table_name, array_agg('(' || app_private.in_scope('r', t.oid, o.scope) || ')::int')
    from app_private.classified_tables k
    join tests.app_tables t on t.name = k.table_name
    join app_private.owned_rows o on o.table_name = k.table_name
    where k.retention = 'reference'
    group by k.table_name
  loop
    return query execute format(
      $q$select %L, 'files of db/reference that own its row ' || row(%s)::text || ': ' || (%s) from %s as r where (%s) <> 1$q$,
      v_table, app_private.columns_as('r', app_private.key_columns(v_table::regclass)),
      array_to_string(v_conditions, ' + '), v_table, array_to_string(v_conditions, ' + '));
  end loop;
end;
$$;

create or replace function tests.lint_reference_keys() returns table (object text, problem text)
language sql stable as $$
  select k.conrelid::regclass || '.' || k.conname,
         'takes or empties rows when one of ' || k.confrelid::regclass || ' is given up: on delete restrict'
  from pg_catalog.pg_constraint k
  join app_private.classified_tables parent on parent.table_name = k.confrelid::regclass::text
  where k.contype = 'f' and parent.retention = 'reference' and k.confdeltype not in ('r', 'a')
    and k.conrelid in (select t.oid from tests.app_tables t);
$$;
