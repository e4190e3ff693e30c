-- The parts of tables that own_rows() was told and nobody has written yet, those that others point at before those that
-- point.

create or replace function app_private.pending_rows() returns setof app_private.owned_rows
language plpgsql stable
set search_path = ''
as $$
declare
  v_tables text[] := array(select distinct owned.table_name from app_private.owned_rows as owned where owned.pending is not null);
  v_next text;
begin
  while v_tables <> '{}' loop
    select waiting.table_name into v_next
    from unnest(v_tables) as waiting (table_name)
    where not exists (
      select from pg_catalog.pg_constraint as key
      join unnest(v_tables) as other (table_name) on key.confrelid = other.table_name::regclass
      where key.conrelid = waiting.table_name::regclass and other.table_name <> waiting.table_name)
    order by waiting.table_name
    limit 1;
    if not found then
      raise exception 'own_rows: these tables point at each other in a circle: %', array_to_string(v_tables, ', ');
    end if;
    v_tables := array_remove(v_tables, v_next);
    return query
      select * from app_private.owned_rows as owned
      where owned.table_name = v_next and owned.pending is not null
      order by owned.scope;
  end loop;
end;
$$;

comment on function app_private.pending_rows is 'The parts that wait to be written, in the order in which their rows can be.';
