--! Previous: sha1:3b5b9c45ad81f9347023440a391f53f4b5201488
--! Hash: sha1:244eef92c110209399190ad5a0e28bc58ad14ea1
--! Message: Every column carries a class

--! split: 010-classification.sql
-- What every column holds and how long it is kept: the one place that audit masks, exports, erasure and
-- analytics read. FND-12.

-- squawk-ignore ban-drop-table
drop table if exists app_private.classified_columns;
-- squawk-ignore ban-drop-table
drop table if exists app_private.classified_tables;
-- squawk-ignore ban-drop-table
drop table if exists app_private.data_classes;
-- squawk-ignore ban-drop-table
drop table if exists app_private.retentions;

create table app_private.data_classes (
  name text primary key,
  description text not null,
  is_personal boolean not null,
  is_masked boolean not null,
  is_encrypted boolean not null
);
comment on table app_private.data_classes is
  'The classes a column or an object surface may carry. is_masked: no audit entry shows the value; '
  'is_encrypted: only ciphertext reaches the database.';
insert into app_private.data_classes (name, description, is_personal, is_masked, is_encrypted) values
  ('public', 'Anybody may know it: names of services, codes, zones.', false, false, false),
  ('operational', 'How the clinic and the platform run; says nothing about a person.', false, false, false),
  ('pii_basic', 'Tells who somebody is or how to reach them: names, addresses, telephone numbers.', true, false, false),
  ('pii_regulated', 'Identifiers that the law protects by themselves: personal and tax numbers.', true, true, true),
  ('phi', 'About somebody''s health or treatment, an appointment included.', true, false, false),
  ('auth_secret', 'Opens a door: keys, tokens and their digests.', false, true, true);

create table app_private.retentions (
  key text primary key,
  description text not null,
  keep_for interval,
  citation text,
  confirmed_by text,
  constraint retentions_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint retentions_keep_for_is_positive check (keep_for > interval '0')
);
comment on table app_private.retentions is
  'How long rows are kept: keep_for after they ended; null means as long as what they belong to. Counsel confirms.';
insert into app_private.retentions (key, description, keep_for, citation) values
  ('reference', 'Kept by migrations; names no person.', null, null),
  ('clinic', 'As long as the clinic is a customer, and three years after for claims.', interval '3 years', 'Civil Code art. 2517'),
  ('account', 'As long as the account exists.', null, 'GDPR art. 5(1)(e)'),
  ('medical_record', 'The patient''s file.', interval '10 years', 'Law 95/2006 and Order 1411/2016: to be confirmed by counsel'),
  ('ledger', 'What proves what was done: events, effects, audit.', interval '10 years', 'GDPR art. 5(2)'),
  ('operations', 'Work in progress and its traces.', interval '90 days', null);

create table app_private.classified_tables (
  table_name text primary key,
  retention text not null references app_private.retentions on delete restrict,
  person_column text,
  unaudited text,
  constraint classified_tables_name_has_a_schema check (table_name ~ '^[a-z_]+\.[a-z_]+$'),
  constraint classified_tables_unaudited_says_why check (length(unaudited) >= 10)
);
create index classified_tables_retention_idx on app_private.classified_tables (retention);
comment on table app_private.classified_tables is
  'One row per table: how long it is kept, which column names the person it is about, and why no audit follows it, if none does.';

create table app_private.classified_columns (
  table_name text not null references app_private.classified_tables on delete cascade,
  column_name text not null,
  class text not null references app_private.data_classes on delete restrict,
  primary key (table_name, column_name)
);
create index classified_columns_class_idx on app_private.classified_columns (class);
comment on table app_private.classified_columns is 'The class of every column; written by classify(), from each table''s policy file.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: policies/core/classified_columns.sql
-- What each column holds. FND-12.

alter table app_private.classified_columns enable row level security;
alter table app_private.classified_columns force row level security;

grant select on app_private.classified_columns to app_engine;

drop policy if exists classified_columns_select_engine on app_private.classified_columns;
create policy classified_columns_select_engine on app_private.classified_columns
  for select to app_engine
  using (true);

drop policy if exists classified_columns_all_migrator on app_private.classified_columns;
create policy classified_columns_all_migrator on app_private.classified_columns
  to app_owner using (true) with check (true);
-- end of source: policies/core/classified_columns.sql

-- source: policies/core/classified_tables.sql
-- What each table holds. FND-12.

alter table app_private.classified_tables enable row level security;
alter table app_private.classified_tables force row level security;

grant select on app_private.classified_tables to app_engine;

drop policy if exists classified_tables_select_engine on app_private.classified_tables;
create policy classified_tables_select_engine on app_private.classified_tables
  for select to app_engine
  using (true);

drop policy if exists classified_tables_all_migrator on app_private.classified_tables;
create policy classified_tables_all_migrator on app_private.classified_tables
  to app_owner using (true) with check (true);
-- end of source: policies/core/classified_tables.sql

-- source: policies/core/data_classes.sql
-- What a class means, read wherever personal data is handled. FND-12.

alter table app_private.data_classes enable row level security;
alter table app_private.data_classes force row level security;

grant select on app_private.data_classes to app_engine;

drop policy if exists data_classes_select_engine on app_private.data_classes;
create policy data_classes_select_engine on app_private.data_classes
  for select to app_engine
  using (true);

drop policy if exists data_classes_all_migrator on app_private.data_classes;
create policy data_classes_all_migrator on app_private.data_classes
  to app_owner using (true) with check (true);
-- end of source: policies/core/data_classes.sql

-- source: policies/core/retentions.sql
-- How long things are kept. FND-12.

alter table app_private.retentions enable row level security;
alter table app_private.retentions force row level security;

grant select on app_private.retentions to app_engine;

drop policy if exists retentions_select_engine on app_private.retentions;
create policy retentions_select_engine on app_private.retentions
  for select to app_engine
  using (true);

drop policy if exists retentions_all_migrator on app_private.retentions;
create policy retentions_all_migrator on app_private.retentions
  to app_owner using (true) with check (true);
-- end of source: policies/core/retentions.sql

-- source: functions/core/classify.sql
-- A table says what it holds: in its policy file, beside its policies. FND-12, FND-08.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.
-- requires: policies/core/data_classes.sql
-- requires: policies/core/retentions.sql
-- requires: policies/core/classified_tables.sql
-- requires: policies/core/classified_columns.sql

create or replace function app_private.classify(
  table_name text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null
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
  insert into app_private.classified_tables (table_name, retention, person_column, unaudited)
  values (classify.table_name, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class)
  select classify.table_name, jsonb_array_elements_text(given.columns), given.class
  from jsonb_each(classify.classes) as given (class, columns);
end;
$$;

comment on function app_private.classify(text, text, jsonb, text, text) is
  'Registers a table: retention, columns by class ({"pii_basic": ["email"]}), the column that names the person it is '
  'about, and the reason if no audit follows it. Every column of the table must be named.';

-- The registry holds itself; its own policy files run before this function exists.
select app_private.classify('app_private.data_classes', 'reference',
  '{"public": ["name", "description", "is_personal", "is_masked", "is_encrypted"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.retentions', 'reference',
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.classified_tables', 'reference',
  '{"public": ["table_name", "retention", "person_column", "unaudited"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.classify('app_private.classified_columns', 'reference',
  '{"public": ["table_name", "column_name", "class"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: functions/core/classify.sql
