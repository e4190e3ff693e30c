-- Attaches the audit to a table, or takes it off, as the registry says. FND-08.
-- The only dynamic SQL of the audit that names tables: it runs in migrations, as the migrator.

create or replace function audit.follow(table_name text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table constant regclass := follow.table_name::regclass;
  v_person text;
  v_unaudited text;
  v_clinic text;
  v_masked text[];
  v_key text[];
  v_naming text[];
begin
  select classified_tables.person_column, classified_tables.unaudited into strict v_person, v_unaudited
  from app_private.classified_tables where classified_tables.table_name = follow.table_name;

  if v_unaudited is not null then
    execute format('drop trigger if exists _500_audit on %s', v_table);
    execute format('drop trigger if exists _500_audit_truncate on %s', v_table);
    return;
  end if;

  select case when follow.table_name = 'app_public.organizations' then 'id' else max(attname) end into v_clinic
  from pg_catalog.pg_attribute where attrelid = v_table and attname = 'organization_id';
  select coalesce(array_agg(column_name order by column_name), '{}') into v_masked
  from app_private.classified_columns join app_private.data_classes on data_classes.name = classified_columns.class
  where classified_columns.table_name = follow.table_name and data_classes.is_masked;
  select coalesce(array_agg(part.name order by part.place) filter (where not part.names_somebody), '{}'),
         coalesce(array_agg(part.name order by part.place) filter (where part.names_somebody and not part.is_masked), '{}')
  into v_key, v_naming
  from (
    select pg_attribute.attname::text as name, key.place,
           coalesce(data_classes.is_masked, false) as is_masked,
           -- An id stands for somebody and names nobody.
           coalesce(data_classes.is_personal or data_classes.is_masked, false)
             and pg_attribute.atttypid <> 'uuid'::regtype as names_somebody
    from pg_catalog.pg_index
    cross join unnest(pg_index.indkey) with ordinality as key (attnum, place)
    join pg_catalog.pg_attribute on attrelid = indrelid and pg_attribute.attnum = key.attnum
    left join app_private.classified_columns
      on classified_columns.table_name = follow.table_name and classified_columns.column_name = pg_attribute.attname
    left join app_private.data_classes on data_classes.name = classified_columns.class
    where pg_index.indrelid = v_table and pg_index.indisprimary
  ) as part;

  execute format(
    'create or replace trigger _500_audit after insert or update or delete on %s
       for each row execute function audit.tg_audit(%L, %L, %L, %L, %L)',
    v_table, coalesce(v_clinic, ''), v_key, coalesce(v_person, ''), v_masked, v_naming);
  execute format(
    'create or replace trigger _500_audit_truncate after truncate on %s
       for each statement execute function audit.tg_audit()',
    v_table);
end;
$$;

comment on function audit.follow is
  'Gives the table the triggers _500_audit and _500_audit_truncate, or takes them off when it is classified as unaudited.';
