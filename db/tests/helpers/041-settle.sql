-- Which rows of the fixture (040-two_clinics.sql) are new, and how each is known and found again. FND-05, FND-06.

-- Two pieces of SQL about a row t: what tests.fixture_rows knows it by, and that it is the one which $n, such a key, names.
-- Neither makes an object of a whole row: done for each row and each key, that was most of what the fixture cost.
create or replace function tests.key_of_t(key_columns text[]) returns text
language sql immutable
as $$
  select format('jsonb_build_object(%s)', string_agg(format('%L, t.%I', c, c), ', ')) from unnest(key_of_t.key_columns) c;
$$;

create or replace function tests.t_is(of_table text, key_columns text[], n int) returns text
language sql immutable
as $$
  select format('(%s) = (select %s from jsonb_populate_record(null::%s, $%s) k)',
    string_agg(format('t.%I', c), ', '), string_agg(format('k.%I', c), ', '), of_table, n)
  from unnest(t_is.key_columns) c;
$$;

-- How many rows this transaction had put into each table when it was last settled.
create table if not exists tests.settled (
  transaction xid8 not null,
  table_name text not null,
  inserted bigint not null,
  primary key (transaction, table_name)
);

-- Whatever is new since the last call is at home here. Only tables that rows came into are read.
create or replace function tests.settle(home text) returns void
language plpgsql volatile
as $$
declare
  v_table record;
begin
  for v_table in
    with counted as (
      select t.oid, t.name, (
               select coalesce(sum(pg_stat_get_xact_tuples_inserted(part.relid)), 0)
               from (select t.oid union select p.relid from pg_partition_tree(t.oid) p) as part (relid)) as inserted
      from tests.app_tables t
    ), news as (
      insert into tests.settled as known (transaction, table_name, inserted)
      select pg_current_xact_id(), counted.name, counted.inserted from counted
      on conflict on constraint settled_pkey do update set inserted = excluded.inserted
        where known.inserted <> excluded.inserted
      returning table_name
    )
    select counted.oid, counted.name from counted join news on news.table_name = counted.name
  loop
    execute format(
      $q$insert into tests.fixture_rows (table_name, key, home)
         select %1$L, %2$s, %3$L from %1$s t
         on conflict do nothing$q$,
      v_table.name, tests.key_of_t(tests.primary_key_of(v_table.oid)), settle.home);
  end loop;
end;
$$;
