-- Registers what a table holds and where its rows are at home: the first call in its policy file. FND-12, FND-08, SCA-01.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.

create or replace function app_private.classify(
  table_name text,
  home text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null,
  protected jsonb default '{}',
  kept jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select named.column_name into v_unknown
  from (
    select jsonb_array_elements_text(given.columns) as column_name
    from jsonb_each(classify.classes) as given (class, columns)
    union all
    select jsonb_array_elements_text(given.columns)
    from jsonb_each(classify.protected || classify.kept) as given (key, columns)
    union all
    select classify.person_column where classify.person_column is not null
  ) as named
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = classify.table_name::regclass and attname = named.column_name and attnum > 0 and not attisdropped
  );
  if v_unknown is not null then
    raise exception 'classify: % has no column %', classify.table_name, v_unknown;
  end if;

  delete from app_private.classified_columns where classified_columns.table_name = classify.table_name;
  -- retain() and on_merge() come after it, in the same file: a rule that is no longer there ends.
  delete from app_private.retention_rules where retention_rules.table_name = classify.table_name;
  delete from app_private.merge_rules where merge_rules.table_name = classify.table_name;
  insert into app_private.classified_tables (table_name, home, retention, person_column, unaudited)
  values (classify.table_name, classify.home, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set home = excluded.home, retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
  select classify.table_name, named.column_name, given.class, coalesce(kept.retention, classify.retention), guarded.protection
  from jsonb_each(classify.classes) as given (class, columns)
  cross join lateral jsonb_array_elements_text(given.columns) as named (column_name)
  left join jsonb_each(classify.protected) as guarded (protection, columns) on guarded.columns ? named.column_name
  left join jsonb_each(classify.kept) as kept (retention, columns) on kept.columns ? named.column_name;
  perform audit.follow(classify.table_name);
end;
$$;

comment on function app_private.classify is
  'Registers a table: its home (clinic, person, platform or cell), its retention, columns by class ({"pii_basic": '
  '["email"]}), the column that names the person it is about, the reason if no audit follows it, how columns of an '
  'encrypted class are protected ({"digest": ["token_hash"]} or "ciphertext"), and which columns are kept for another time '
  'than their row ({"operations": ["address"]}). Every column of the table must be named. Attaches the audit to the table, '
  'or takes it off.';
