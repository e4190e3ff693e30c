-- What is wrong with a rule of merging: asked when it is declared, and again by the lint of what stands. FND-34.

create or replace function app_private.merge_rule_problem(table_name text, column_name text, rule text) returns text
language sql stable
set search_path = ''
as $$
  with keys as (
    select pg_constraint.confrelid, pg_constraint.confupdtype, theirs.attname as refers_to
    from pg_catalog.pg_constraint
    cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) as pair (own, theirs)
    join pg_catalog.pg_attribute as own on own.attrelid = pg_constraint.conrelid and own.attnum = pair.own
    join pg_catalog.pg_attribute as theirs on theirs.attrelid = pg_constraint.confrelid and theirs.attnum = pair.theirs
    where pg_constraint.conrelid = merge_rule_problem.table_name::regclass and own.attname = merge_rule_problem.column_name
  )
  select case
    when classified_tables.table_name is null then 'is of a table that is not classified'
    when pg_attribute.attnum is null then 'does not exist'
    when merge_rule_problem.rule not in ('moves', 'follows') then null
    when not exists (
      select from keys
      where (keys.confrelid, keys.refers_to) in
        (('app_public.patients'::regclass, 'patient_profile_id'), ('app_public.patient_profiles'::regclass, 'id'))
    ) then 'refers by no key to a patient''s profile'
    when classified_tables.home not in ('clinic', 'person') then 'is of a table that is at home with no clinic and no person'
    when classified_tables.home = 'clinic' and not exists (
      select from pg_catalog.pg_attribute as clinic
      where clinic.attrelid = pg_attribute.attrelid and clinic.attname = 'organization_id'
    ) then 'is of a clinic''s table without an organization_id'
    when app_private.key_columns(asked.table_name::regclass) is null then 'is of a table without a primary key'
    when pg_attribute.attname = any (app_private.key_columns(asked.table_name::regclass)) then 'is a part of the primary key'
    when merge_rule_problem.rule = 'follows' and not exists (
      select from keys
      join app_private.merge_rules as leader
        on leader.table_name::regclass = keys.confrelid and leader.column_name = keys.refers_to and leader.rule in ('moves', 'follows')
      where keys.confupdtype = 'c'
    ) then 'has no key with on update cascade to a patient that moves'
  end
  from (select merge_rule_problem.table_name) as asked
  left join app_private.classified_tables on classified_tables.table_name = asked.table_name
  left join pg_catalog.pg_attribute
    on pg_attribute.attrelid = asked.table_name::regclass and pg_attribute.attname = merge_rule_problem.column_name
$$;

comment on function app_private.merge_rule_problem is
  'Why a rule of merging cannot be, in words that follow the name of the column; null when it can.';
