-- What a merge moved goes back, each row as it was, while it is where the merge put it: a step of undo_patient_merge(), which
-- holds the locks. A row that is gone since, as old messages go, is not missed; one that went on stops everything. FND-34.

create or replace function app_private.take_back_moves(merge app_public.patient_merges) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_move record;
  v_table regclass;
  v_values text;
  v_same_row text;
  v_gone_on jsonb;
begin
  for v_move in
    select regexp_replace(moved.key, '\.\w+$', '') as table_name, substring(moved.key from '\w+$') as column_name, moved.value as rows
    from jsonb_each(merge.moved) as moved
    left join app_private.merge_rules as rules on rules.table_name || '.' || rules.column_name = moved.key
    order by rules.rule = 'follows', moved.key
  loop
    v_table := v_move.table_name::regclass;
    select string_agg(format('%1$I = was.%1$I', written.name), ', ') filter (where not written.is_key),
           string_agg(format('mine.%1$I = was.%1$I', written.name), ' and ') filter (where written.is_key)
    into v_values, v_same_row
    from (
      select named.name, named.name = any (app_private.key_columns(v_table)) as is_key
      from jsonb_object_keys(v_move.rows -> 0) as named (name)
    ) as written;

    execute format(
      'update %1$s as mine set %2$s from jsonb_populate_recordset(null::%1$s, $1) as was where %3$s and mine.%4$I = $2',
      v_table, v_values, v_same_row, v_move.column_name)
    using v_move.rows, merge.patient_profile_id;
    execute format(
      'select jsonb_agg(to_jsonb(mine)) from jsonb_populate_recordset(null::%1$s, $1) as was
       join %1$s as mine on %2$s
       where mine.%3$I <> was.%3$I',
      v_table, v_same_row, v_move.column_name)
    into v_gone_on using v_move.rows;
    if v_gone_on is not null then
      perform app_private.refuse_moved_since(split_part(v_move.table_name, '.', 2), v_gone_on);
    end if;
  end loop;
end;
$$;

comment on function app_private.take_back_moves is
  'Puts back what move_on_merge() said it moved. CONFLICT moved_since names what went on to somebody else.';
grant execute on function app_private.take_back_moves to app_engine;

create or replace function app_private.refuse_moved_since(entity text, rows jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'moved_since',
    jsonb_build_object(
      'entity', refuse_moved_since.entity,
      'ids', (select jsonb_agg(gone_on.value -> 'id' order by gone_on.value -> 'id') from jsonb_array_elements(refuse_moved_since.rows) as gone_on)));
end;
$$;

comment on function app_private.refuse_moved_since is
  'Refuses to undo a merge, and names the rows that went on: their kind, such as appointments, and their ids.';
grant execute on function app_private.refuse_moved_since to app_engine;
