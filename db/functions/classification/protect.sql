-- Closes a table to everybody, then opens it to the engine and gives it the triggers that many tables have. FND-05, FND-08.
-- The second call in its policy file, after classify(); what follows there opens the table to people. Run by migrations
-- only, as the owner of the table.

create or replace function app_private.protect(
  table_name text,
  engine text default null,
  guard boolean default false,
  facts text[] default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table constant regclass := protect.table_name::regclass;
  v_commands constant text[] := regexp_split_to_array(regexp_replace(protect.engine, ' *\([^()]*\)', '', 'g'), ', *');
  v_name text;
  v_home text;
begin
  select pg_class.relname, classified_tables.home into v_name, v_home
  from pg_catalog.pg_class
  join app_private.classified_tables on classified_tables.table_name = protect.table_name
  where pg_class.oid = v_table;
  if not found then
    raise exception 'protect: % is not classified: call app_private.classify before', protect.table_name;
  end if;
  if not v_commands <@ '{select,insert,update,delete}' then
    raise exception 'protect: "%" is not what the engine may do with %: name select, insert, update or delete, with columns in brackets',
      protect.engine, protect.table_name;
  end if;

  perform app_private.close_table(v_table);

  if protect.engine is not null then
    execute format('grant %s on %s to app_engine', protect.engine, v_table);
    execute format(
      case when v_commands <@ '{select}'
        then 'create policy %I on %s for select to app_engine using (true)'
        else 'create policy %I on %s for all to app_engine using (true) with check (true)'
      end,
      v_name || case when v_commands <@ '{select}' then '_select_engine' else '_all_engine' end, v_table);
  end if;
  -- The platform's rows come with migrations.
  if v_home = 'platform' then
    execute format('create policy %I on %s for all to app_owner using (true) with check (true)', v_name || '_all_migrator', v_table);
  end if;

  if protect.facts <> '{}' then
    execute (
      select format(
        'create trigger _050_read_facts before insert or update of %s on %s
           for each row execute function app_private.tg_read_facts(%s)',
        string_agg(quote_ident(split_part(fact, ' ', 2)), ', ' order by place), v_table,
        string_agg(quote_literal(fact), ', ' order by place))
      from unnest(protect.facts) with ordinality as given (fact, place));
  end if;
  if exists (select from pg_catalog.pg_attribute where attrelid = v_table and attname = 'updated_at') then
    execute format(
      'create trigger _100_stamp before insert or update on %s for each row execute function app_private.tg_stamp()', v_table);
  end if;
  if protect.guard then
    execute format(
      'create trigger _200_guard_state before insert or update of status on %s
         for each row execute function app_private.tg_guard_state()', v_table);
  end if;
end;
$$;

comment on function app_private.protect is
  'Row security, forced; nobody''s right or policy but the engine''s, by what it may do ("select, update (deleted_at)"), and '
  'the migrator''s where the table is at home on the platform; the triggers _050_read_facts for facts ("phone '
  'contact_phone"), _100_stamp where there is an updated_at, and _200_guard_state where guard says that a status moves by '
  'state_transitions.';
