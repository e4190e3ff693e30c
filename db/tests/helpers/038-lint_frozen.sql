-- What nobody changes, not even the owner of the table, as the areas declare it (declared/<area>.sql). Each command is tried where it
-- finds no row: the trigger speaks for the statement. 'update <column>' is tried with that column alone, where others may change.

drop table if exists tests.frozen_tables;
create table tests.frozen_tables (
  table_name text not null,
  command text not null,
  primary key (table_name, command)
);

create or replace function tests.freezes(command text, variadic tables text[]) returns void
language sql as $$
  insert into tests.frozen_tables (table_name, command)
  select table_name, btrim(one) from unnest(freezes.tables) as table_name cross join string_to_table(freezes.command, ',') as one;
$$;
comment on function tests.freezes is 'Declares tables that refuse these commands, as in ''update, delete, truncate''.';

create or replace function tests.lint_frozen() returns table (object text, problem text)
language plpgsql volatile as $$
declare
  v_frozen tests.frozen_tables;
  v_refused text;
begin
  for v_frozen in select * from tests.frozen_tables order by 1, 2 loop
    begin
      execute case split_part(v_frozen.command, ' ', 1)
        when 'truncate' then format('truncate %s cascade', v_frozen.table_name)
        when 'delete' then format('delete from %s where false', v_frozen.table_name)
        else format('update %s set %2$I = %2$I where false', v_frozen.table_name,
                    coalesce(nullif(split_part(v_frozen.command, ' ', 2), ''),
                             (select attname from pg_catalog.pg_attribute where attrelid = v_frozen.table_name::regclass and attnum > 0 and attgenerated = '' and not attisdropped limit 1)))
      end;
      v_refused := null;
    exception when sqlstate 'RX423' then
      get stacked diagnostics v_refused = pg_exception_detail;
    end;
    -- A truncate reaches what refers to the table, and that may refuse for itself.
    if v_refused is not json or (v_refused::jsonb ->> 'entity') is distinct from split_part(v_frozen.table_name, '.', 2) then
      return query select v_frozen.table_name, 'can be changed by ' || v_frozen.command;
    end if;
  end loop;

  return query
  select t.name, 'is frozen for ' || c.command || ' and nobody declared it'
  from pg_catalog.pg_trigger as tg
  join tests.app_tables as t on t.oid = tg.tgrelid
  cross join (values ('delete', 8), ('update', 16), ('truncate', 32)) as c (command, bit)
  where tg.tgfoid = 'app_private.tg_frozen()'::regprocedure and tg.tgtype & c.bit > 0
    and not exists (
      select from tests.frozen_tables as f where f.table_name = t.name and split_part(f.command, ' ', 1) = c.command);
end;
$$;
