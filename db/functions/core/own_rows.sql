-- Says which rows of a table the product has: called by the files of db/reference, each for the part of a table that
-- its scope names. Checks what a file says; write_owned_rows() writes it, after all files have spoken, because rows of
-- one file point at rows of another. docs/decisions/0060 says why.

create or replace function app_private.own_rows(
  table_name text,
  rows text,
  scope jsonb default '{}',
  given_once text[] default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := own_rows.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_rows jsonb := app_private.rows_in(own_rows.rows);
  v_columns text[];
  v_scope text[] := array(select jsonb_object_keys(own_rows.scope));
  v_problem text;
begin
  select coalesce(array_agg(distinct name), '{}') into v_columns
  from jsonb_array_elements(v_rows) as one (cells) cross join lateral jsonb_object_keys(one.cells) as name;

  select found.problem into v_problem
  from (
    select 1 as place, format('%s has no column %s to write', own_rows.table_name, name) as problem
    from unnest(v_columns || v_scope || own_rows.given_once) as name
    where name not in (select known.name from app_private.columns_to_write(v_table) as known)
    union all
    select 2, format('%s is the scope''s, and is given by a row', name)
    from unnest(v_columns) as name
    where name = any (v_scope)
    union all
    select 3, own_rows.table_name || ' is not classified as reference: other people''s rows are in it, give a scope'
    where v_scope = '{}' and not exists (
      select from app_private.classified_tables as t where t.table_name = own_rows.table_name and t.retention = 'reference')
    union all
    select 4, format('the key of %s is (%s)', own_rows.table_name, array_to_string(v_key, ', '))
    where v_rows <> '[]' and not v_key <@ (v_columns || v_scope)
    union all
    select 5, format('its part %s of %s is another file''s: %s', own_rows.scope, own_rows.table_name, other.scope)
    from app_private.owned_rows as other
    where other.table_name = own_rows.table_name and other.scope <> own_rows.scope
      -- Two parts share no row when they want different values in one column.
      and not exists (
        select from jsonb_each(other.scope) as theirs
        join jsonb_each(own_rows.scope) as ours on ours.key = theirs.key and ours.value <> theirs.value)
  ) as found
  order by found.place, found.problem
  limit 1;
  if v_problem is not null then
    raise exception 'own_rows: %', v_problem;
  end if;

  -- Nothing in a cell is '' in a key, which is never null, and null elsewhere.
  select coalesce(jsonb_agg(own_rows.scope || (
           select jsonb_object_agg(
                    cell.key,
                    case when cell.value = '' and not cell.key = any (v_key) then 'null'::jsonb
                         when attribute.atttypid = 'jsonb'::regtype then cell.value::jsonb
                         else to_jsonb(cell.value) end)
           from jsonb_each_text(one.cells) as cell
           join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attname = cell.key)
         order by one.place), '[]')
    into v_rows
  from jsonb_array_elements(v_rows) with ordinality as one (cells, place);

  -- Reads every value as its column's type, on the way.
  execute format(
    'select string_agg(twice.key, %L order by twice.key)
     from (select row(%s)::text as key from jsonb_populate_recordset(null::%s, $1) as r group by 1 having count(*) > 1) as twice',
    ', ', app_private.columns_as('r', v_key), v_table)
    into v_problem using v_rows;
  if v_problem is not null then
    raise exception 'own_rows: a row of % stands twice: %', own_rows.table_name, v_problem;
  end if;

  insert into app_private.owned_rows as known (table_name, scope, columns, given_once, pending)
  values (own_rows.table_name, own_rows.scope, v_columns, own_rows.given_once, v_rows)
  on conflict on constraint owned_rows_pkey do update
    set columns = excluded.columns, given_once = excluded.given_once, pending = excluded.pending;
end;
$$;

comment on function app_private.own_rows is
  'Declares the rows of a table, or of the part that scope names, and refuses columns, values and parts that cannot be. '
  'A column that no row gives is null, or left alone where it has a default; given_once are columns that only a new '
  'row gets. No rows at all give the part up. write_owned_rows() writes.';
