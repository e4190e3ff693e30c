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
  v_step record;
  v_rows jsonb;
  v_moved jsonb := '{}';
begin
  for v_step in
    select min(rules.table_name) as table_name, min(rules.column_name) as column_name, rules.merge_function, min(tables.home) as home
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule <> 'stays'
    -- A function is called once, whatever the number of tables that name it.
    group by coalesce(rules.merge_function, rules.table_name || '.' || rules.column_name), rules.merge_function
    -- What follows has gone with the row that it belongs to; what belongs to none is left.
    order by bool_or(rules.rule = 'follows'), 1, 2
  loop
    if v_step.merge_function is not null then
      execute format('select app_private.%I($1, $2, $3)', v_step.merge_function)
      into strict v_rows using kept, duplicate, is_the_clinics_own;
      v_moved := v_moved || v_rows;
    elsif v_step.home = 'clinic' or is_the_clinics_own then
      execute app_private.move_on_merge_query(v_step.table_name, v_step.column_name, v_step.home)
      into strict v_rows using kept.patient_profile_id, duplicate.patient_profile_id, kept.organization_id;
      if v_rows <> '[]' then
        v_moved := v_moved || jsonb_build_object(v_step.table_name || '.' || v_step.column_name, v_rows);
      end if;
    end if;
  end loop;
  return v_moved;
end;
$$;

comment on function app_private.move_on_merge is
  'Moves what the duplicate has, and says what moved: by schema.table.column, an array of rows, each with its primary key and '
  'the columns that changed, as they were.';
grant execute on function app_private.move_on_merge to app_engine;

-- $1 is the profile that is kept, $2 that of the duplicate, $3 the clinic.
create or replace function app_private.move_on_merge_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  select format(
    'with taken as materialized (%s),
     moved as (
       update %s as mine set %I = $1
       where mine.%I = $2 and %s and not exists (select from taken where (%s) = (%s))
       returning %s, old.%I
     )
     select coalesce(jsonb_agg(to_jsonb(moved)), ''[]'') from moved',
    app_private.places_taken_query(move_on_merge_query.table_name, move_on_merge_query.column_name, move_on_merge_query.home),
    move_on_merge_query.table_name::regclass, move_on_merge_query.column_name,
    move_on_merge_query.column_name,
    case move_on_merge_query.home when 'clinic' then 'mine.organization_id = $3' else 'true' end,
    primary_key.of_taken, primary_key.of_mine,
    primary_key.of_mine, move_on_merge_query.column_name)
  from (
    select string_agg(format('taken.%I', pg_attribute.attname), ', ' order by part.place) as of_taken,
           string_agg(format('mine.%I', pg_attribute.attname), ', ' order by part.place) as of_mine
    from pg_catalog.pg_index
    cross join lateral unnest(pg_index.indkey) with ordinality as part (attnum, place)
    join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_index.indrelid and pg_attribute.attnum = part.attnum
    where pg_index.indrelid = move_on_merge_query.table_name::regclass and pg_index.indisprimary
  ) as primary_key
$$;

comment on function app_private.move_on_merge_query is 'The statement that moves the rows of a table, and answers with them.';
grant execute on function app_private.move_on_merge_query to app_engine;
