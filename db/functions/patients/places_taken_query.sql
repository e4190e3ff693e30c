-- Which rows of the duplicate cannot move, since the patient who is kept has their place in a unique key: both were told of
-- one thing, both chose how to be told of one topic. FND-34.
-- Asked of the keys as they are, so a table has nothing to say about it. Each row of the duplicate is written as it would
-- be, generated columns too; then the values of a key are compared as one, in which nulls are alike. Where the key
-- takes nulls apart, a row with one of them is in nobody's way.

create or replace function app_private.places_taken_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  with columns as (
    select pg_attribute.attnum, pg_attribute.attname, pg_attribute.attgenerated <> '' as is_generated,
           pg_catalog.pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid) as expression
    from pg_catalog.pg_attribute
    left join pg_catalog.pg_attrdef on pg_attrdef.adrelid = pg_attribute.attrelid and pg_attrdef.adnum = pg_attribute.attnum
    where pg_attribute.attrelid = places_taken_query.table_name::regclass and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
  ),
  row_to_be as (
    select format('(select written.*%s from (select %s from %s as now where now.%I = $2 and %s) as written)',
      string_agg(format(', %s as %I', columns.expression, columns.attname), '') filter (where columns.is_generated),
      string_agg(case when columns.attname = places_taken_query.column_name then format('$1 as %I', columns.attname)
                   else format('now.%I', columns.attname) end, ', ') filter (where not columns.is_generated),
      places_taken_query.table_name::regclass, places_taken_query.column_name,
      case places_taken_query.home when 'clinic' then 'now.organization_id = $3' else 'true' end) as query
    from columns
  ),
  keys as (
    select pg_index.indisprimary, pg_index.indnullsnotdistinct,
           (select string_agg(pg_catalog.pg_get_indexdef(pg_index.indexrelid, place, false), ', ' order by place)
            from generate_series(1, pg_index.indnkeyatts) as place) as parts,
           coalesce(pg_catalog.pg_get_expr(pg_index.indpred, pg_index.indrelid), 'true') as condition,
           exists (
             select from unnest(pg_index.indkey) as part (attnum)
             left join columns on columns.attnum = part.attnum
             where part.attnum = 0 or columns.is_generated or columns.attname = places_taken_query.column_name
           ) as may_name_the_patient
    from pg_catalog.pg_index
    where pg_index.indrelid = places_taken_query.table_name::regclass and pg_index.indisunique
  ),
  primary_key as (select keys.parts from keys where keys.indisprimary)
  select coalesce(
    string_agg(
      format(
        'select %1$s from (select %1$s, row(%2$s) as place from %3$s as own where %4$s) as would_be
         join (select row(%2$s) as place from %5$s as own where own.%6$I = $1 and %7$s and (%4$s)) as taken on taken.place = would_be.place
         where %8$s',
        primary_key.parts, keys.parts, row_to_be.query, keys.condition,
        places_taken_query.table_name::regclass, places_taken_query.column_name,
        case places_taken_query.home when 'clinic' then 'own.organization_id = $3' else 'true' end,
        case when keys.indnullsnotdistinct then 'true' else 'would_be.place is not null' end),
      ' union all ' order by keys.parts),
    (select format('select %s from %s where false', primary_key.parts, places_taken_query.table_name::regclass) from primary_key))
  from keys
  cross join row_to_be
  cross join primary_key
  where keys.may_name_the_patient
$$;

comment on function app_private.places_taken_query is
  'The query of the primary keys of rows that stay with the duplicate: $1 is the profile that is kept, $2 that of the '
  'duplicate, $3 the clinic.';
grant execute on function app_private.places_taken_query to app_engine;
