-- What the duplicate has at a clinic goes to the patient who is kept: a step of merge_patients(), which holds the locks.
-- Every table has said by on_merge() what becomes of its rows. Names of tables and columns come from there and from the
-- catalog, so nothing that a caller says becomes SQL. FND-34.

create or replace function app_private.move_on_merge(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_to_move text[];
  v_step record;
  v_rows jsonb;
  v_moved jsonb := '{}';
begin
  -- Most patients have rows in few of the tables: a statement is written for these alone.
  execute (
    select format('select array(%s)', string_agg(
      format('select %L where exists (select from %s as theirs where theirs.%I = $1 and %s)',
        rules.table_name || '.' || rules.column_name, rules.table_name::regclass, rules.column_name,
        case tables.home when 'clinic' then 'theirs.organization_id = $2' else '$3' end),
      ' union all '))
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule in ('moves', 'follows'))
  into strict v_to_move using duplicate.patient_profile_id, duplicate.organization_id, is_the_clinics_own;

  for v_step in
    select min(rules.table_name) as table_name, min(rules.column_name) as column_name, rules.merge_function, min(tables.home) as home
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule = 'calls' or rules.table_name || '.' || rules.column_name = any (v_to_move)
    -- A function is called once, whatever the number of tables that name it.
    group by coalesce(rules.merge_function, rules.table_name || '.' || rules.column_name), rules.merge_function
    -- What follows has gone with the row that it belongs to; what belongs to none is left.
    order by bool_or(rules.rule = 'follows'), 1, 2
  loop
    if v_step.merge_function is not null then
      execute format('select app_private.%I($1, $2, $3)', v_step.merge_function)
      into strict v_rows using kept, duplicate, is_the_clinics_own;
      v_moved := v_moved || v_rows;
    else
      execute app_private.move_on_merge_query(v_step.table_name, v_step.column_name, v_step.home)
      into strict v_rows using kept.patient_profile_id, duplicate.patient_profile_id, kept.organization_id;
      v_moved := v_moved || jsonb_build_object(v_step.table_name || '.' || v_step.column_name, v_rows);
    end if;
  end loop;
  return (select coalesce(jsonb_object_agg(moved.key, moved.value), '{}') from jsonb_each(v_moved) as moved where moved.value <> '[]');
end;
$$;

comment on function app_private.move_on_merge is
  'Moves what the duplicate has, and says what moved: by schema.table.column, an array of rows, each with its primary key and '
  'the columns that changed, as they were.';
grant execute on function app_private.move_on_merge to app_engine;

-- A row that could not go, since its place is taken, keeps what follows it.
create or replace function app_private.without_leader(table_name text, column_name text) returns text
language sql stable
set search_path = ''
as $$
  select coalesce(string_agg(leader.condition, '' order by leader.condition), '')
  from (
    select format(' and not exists (select from %s as leader where %s)', pg_constraint.confrelid::regclass,
             string_agg(format('leader.%I = mine.%I', theirs.attname, own.attname), ' and ' order by own.attnum)) as condition
    from pg_catalog.pg_constraint
    cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) as pair (own, theirs)
    join pg_catalog.pg_attribute as own on own.attrelid = pg_constraint.conrelid and own.attnum = pair.own
    join pg_catalog.pg_attribute as theirs on theirs.attrelid = pg_constraint.confrelid and theirs.attnum = pair.theirs
    where pg_constraint.conrelid = without_leader.table_name::regclass and pg_constraint.confupdtype = 'c'
    group by pg_constraint.oid, pg_constraint.confrelid
    having bool_or(own.attname = without_leader.column_name)
  ) as leader
$$;

comment on function app_private.without_leader is
  'The condition that a row of a table belongs to none which still has the patient of this column, for move_on_merge_query().';
grant execute on function app_private.without_leader to app_engine;

-- $1 is the profile that is kept, $2 that of the duplicate, $3 the clinic.
create or replace function app_private.move_on_merge_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  select format(
    'with taken as materialized (%s),
     moved as (
       update %s as mine set %I = $1
       where mine.%I = $2 and %s and not exists (select from taken where (%s) = (%s))%s
       returning %s, old.%I
     )
     select coalesce(jsonb_agg(to_jsonb(moved)), ''[]'') from moved',
    app_private.places_taken_query(move_on_merge_query.table_name, move_on_merge_query.column_name, move_on_merge_query.home),
    move_on_merge_query.table_name::regclass, move_on_merge_query.column_name,
    move_on_merge_query.column_name,
    case move_on_merge_query.home when 'clinic' then 'mine.organization_id = $3' else 'true' end,
    primary_key.of_taken, primary_key.of_mine, app_private.without_leader(move_on_merge_query.table_name, move_on_merge_query.column_name),
    primary_key.of_mine, move_on_merge_query.column_name)
  from (
    select string_agg(format('taken.%I', named), ', ') as of_taken, string_agg(format('mine.%I', named), ', ') as of_mine
    from unnest(app_private.key_columns(move_on_merge_query.table_name::regclass)) as key (named)
  ) as primary_key
$$;

comment on function app_private.move_on_merge_query is 'The statement that moves the rows of a table, and answers with them.';
grant execute on function app_private.move_on_merge_query to app_engine;
