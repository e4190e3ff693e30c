-- The catalog lint, classes: every column says what it holds, and what it says is kept to. FND-12.

-- Every column with what was said of it, which is null where nothing was. A domain counts as the type it is made of.
create or replace view tests.classified as
select c.name, c.table_oid, c.table_name, c.attname, c.attnum, c.atttypid, coalesce(base.typname, c.typname) as typname,
       t.retention as table_retention, t.person_column, t.unaudited,
       k.class, k.retention, k.protection, d.is_personal, d.is_masked, d.is_encrypted
from tests.app_columns c
join tests.app_tables a on a.oid = c.table_oid and not a.relispartition
join pg_catalog.pg_type ty on ty.oid = c.atttypid
left join pg_catalog.pg_type base on base.oid = ty.typbasetype
left join app_private.classified_tables t on t.table_name = c.table_name
left join app_private.classified_columns k on k.table_name = c.table_name and k.column_name = c.attname
left join app_private.data_classes d on d.name = k.class;

create or replace function tests.masked_columns(of_table text) returns text[]
language sql stable as $$
  select coalesce(array_agg(attname::text order by attnum), '{}') from tests.classified where table_name = of_table and is_masked;
$$;

comment on function tests.masked_columns(text) is 'The columns of a table whose values no audit entry may show.';

create or replace function tests.lint_classes() returns table (object text, problem text)
language sql stable as $$
  select distinct c.table_name, 'is not classified: begin its policy file with select app_private.classify(…)'
  from tests.classified c
  where c.table_retention is null
  union all
  select c.name, 'has no class'
  from tests.classified c
  where c.class is null and c.table_retention is not null
  union all
  select k.table_name, 'is classified and does not exist'
  from app_private.classified_tables k
  where not exists (select from tests.app_tables t where t.name = k.table_name)
  union all
  select k.table_name || '.' || k.column_name, 'has a class and does not exist'
  from app_private.classified_columns k
  join tests.app_tables t on t.name = k.table_name
  where not exists (select from tests.app_columns c where c.table_name = k.table_name and c.attname = k.column_name);
$$;

-- What only a digest or ciphertext may be is bytes whose length a check holds, so that plain text does not fit by chance.
create or replace function tests.lint_protection() returns table (object text, problem text)
language sql stable as $$
  select c.name, wrong.problem
  from tests.classified c
  cross join lateral (values
    (c.is_encrypted and c.protection is null, 'is ' || c.class || ' and does not say how it is protected: digest or ciphertext'),
    (c.protection is not null and c.typname <> 'bytea', 'is said to be a ' || c.protection || ' and is ' || c.typname || ', not bytea'),
    (c.protection is not null and not exists (
       select from pg_catalog.pg_constraint k
       where (k.conrelid = c.table_oid and k.contype = 'c' and c.attnum = any (k.conkey) or k.contypid = c.atttypid)
         and pg_catalog.pg_get_constraintdef(k.oid) ~ '\mlength\(|octet_length\('
     ), 'is said to be a ' || c.protection || ' and no check holds its length')
  ) as wrong (is_so, problem)
  where wrong.is_so;
$$;

-- What is sealed names the key it is sealed with, and that key stays: the trigger counts on it.
create or replace function tests.lint_sealed_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is sealed under a data key, and no trigger _300_key_in_use looks at every insert and update of it'
  from tests.classified c
  where c.atttypid = to_regtype('app_private.ciphertext')
    and not exists (
      select from pg_catalog.pg_trigger tg
      where tg.tgrelid = c.table_oid and tg.tgfoid = to_regprocedure('app_private.tg_ciphertext__key_in_use()')
        and tg.tgname like '\_300\_key\_in\_use%' and tg.tgenabled = 'O' and tg.tgqual is null
        and tg.tgtype & 23 = 23 -- before insert or update, each row
        and (tg.tgattr = '' or c.attnum = any (tg.tgattr))
        -- Arguments end with a zero byte each.
        and encode(tg.tgargs, 'escape') ~ ('(^|\\000)' || c.attname || '\\000')
    );
$$;

-- Nobody outside reads or writes a secret, by its class or by its name.
create or replace function tests.lint_secret_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, role.oid::regrole || ' may ' || command || ' it'
  from tests.app_columns c
  left join tests.classified k on k.table_oid = c.table_oid and k.attnum = c.attnum
  cross join unnest(tests.api_roles()) as role (oid)
  cross join unnest('{select,insert,update}'::text[]) as command
  where (c.attname ~ '(token|secret|hash|password|ciphertext|private_key)' or k.is_masked or k.is_encrypted)
    and pg_catalog.has_column_privilege(role.oid, c.table_oid, c.attnum, command);
$$;

-- A visitor reads what anybody may know, an analyst nothing about anybody.
create or replace function tests.lint_class_grants() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is ' || c.class || ', and visitors may select it'
  from tests.classified c
  where c.class <> 'public' and pg_catalog.has_column_privilege('app_anonymous', c.table_oid, c.attnum, 'select')
  union all
  select c.name, 'is ' || c.class || ', and analysts may select it'
  from tests.classified c
  where c.is_personal and pg_catalog.has_column_privilege('app_analyst', c.table_oid, c.attnum, 'select');
$$;

-- Names that speak of people, health or secrets, on a column that is said to hold no such thing.
create or replace function tests.lint_class_names() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'sounds like ' || sounds.like_class || ' and is ' || c.class
  from tests.classified c
  cross join lateral (values
    (c.typname in ('text', 'citext', 'varchar', 'bpchar', 'inet', 'jsonb', 'bytea', 'date') and not c.is_personal and not c.is_masked
       and c.attname ~ '(^|_)(e?mail|phone|mobile|address|street|city|postcode|ip|user_agent|given_name|family_name|first_name|last_name|full_name|display_name|birth|gender|iban|passport)(_|$)',
     'pii_basic'),
    (c.class is distinct from 'pii_regulated' and c.attname ~ '(^|_)(cnp|ssn|national_id|tax_id|personal_code|id_card)(_|$)',
     'pii_regulated'),
    (c.typname in ('text', 'jsonb', 'bytea') and c.class is distinct from 'phi' and not c.is_masked
       and c.attname ~ '(^|_)(diagnos[ei]s|symptoms?|treatment|medication|anamnesis|message|notes?|pain)(_|$)',
     'phi'),
    (c.typname in ('text', 'bytea', 'jsonb') and not c.is_encrypted
       and c.attname ~ '(token|secret|password|ciphertext|private_key|api_key|credential)',
     'auth_secret')
  ) as sounds (is_so, like_class)
  where sounds.is_so;
$$;

-- An object may hold anything about anybody: who says that it does not, says in declared/<area>.sql who bounds it.
create or replace function tests.lint_json_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'may hold anything and is ' || c.class
  from tests.classified c
  where c.typname in ('json', 'jsonb') and not c.is_personal and not c.is_masked and c.table_retention <> 'reference';
$$;

-- The person a table is about can be followed to, and is a person. A table that names one says so.
create or replace function tests.lint_person_columns() returns table (object text, problem text)
language sql stable as $$
  -- The catalog is read once: joined in each step of the recursion, it took ten seconds.
  with recursive keys as materialized (
    select k.child collate "C" as child, k.parent collate "C" as parent, k.columns, k.parent_columns
    from tests.app_foreign_keys k
  ),
  people (table_name, column_name) as (
    select root.table_name collate "C", root.column_name collate "C"
    from (values ('app_public.principals', 'id'), ('app_public.humans', 'principal_id'), ('app_public.patient_profiles', 'id'))
      as root (table_name, column_name)
    union
    select k.child, own collate "C"
    from people p
    join keys k on k.parent = p.table_name
    cross join lateral unnest(k.columns, k.parent_columns) as pair (own, theirs)
    where pair.theirs = p.column_name
  )
  select t.table_name || '.' || t.person_column, wrong.problem
  from app_private.classified_tables t
  join tests.classified c on c.table_name = t.table_name and c.attname = t.person_column
  cross join lateral (values
    (not exists (select from people p where p.table_name = t.table_name and p.column_name = t.person_column),
     'leads to no person: no foreign key of it ends at principals, humans or patient_profiles'),
    (not c.is_personal, 'says who somebody is and is ' || c.class)
  ) as wrong (is_so, problem)
  where wrong.is_so
  union all
  select distinct k.child, 'refers to a person (' || array_to_string(k.columns, ', ') || ') and names no person column'
  from keys k
  join app_private.classified_tables t on t.table_name = k.child and t.person_column is null
  where k.parent in ('app_public.humans', 'app_public.patient_profiles', 'app_public.patients');
$$;

-- What migrations keep for ever names nobody, and nobody else writes it.
create or replace function tests.lint_retentions() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is ' || c.class || ' in a table that is kept for ever as reference data'
  from tests.classified c
  where c.retention = 'reference' and (c.is_personal or c.is_masked)
  union all
  select distinct t.table_name, 'is reference data, and ' || g.grantee::regrole || ' may ' || g.command
  from app_private.classified_tables t
  join tests.granted_commands g on g.table_name = t.table_name
  where t.retention = 'reference' and g.command <> 'select' and g.grantee <> 'app_owner'::regrole;
$$;

-- Whatever has no reason to be left out is in the audit: the triggers stand, and run. Holds from the day the schema
-- audit exists.
create or replace function tests.lint_audited() returns table (object text, problem text)
language sql stable as $$
  select t.name, case when k.unaudited is null then 'is not followed by the audit: no trigger ' || follows.tgname || ' runs at every ' || follows.at
                      else 'is followed by the audit, and is said not to be: ' || k.unaudited end
  from tests.app_tables t
  join app_private.classified_tables k on k.table_name = t.name
  cross join (values
    ('_500_audit', 1 + 4 + 8 + 16, 'insert, update and delete of a row'),
    ('_500_audit_truncate', 32, 'truncate')
  ) as follows (tgname, tgtype, at)
  where exists (select from pg_catalog.pg_namespace n where n.nspname = 'audit')
    and not t.relispartition
    and (k.unaudited is null) <> exists (
      select from pg_catalog.pg_trigger tg
      where tg.tgrelid = t.oid and tg.tgname = follows.tgname and tg.tgtype = follows.tgtype
        and tg.tgenabled in ('O', 'A') and tg.tgqual is null and tg.tgattr = ''
    );
$$;

-- Whatever the tables named …_surfaces list.
create or replace function tests.object_surfaces() returns table (table_name text, key text)
language plpgsql stable as $$
declare
  v_table text;
begin
  for v_table in select t.name from tests.app_tables t where t.relname like '%\_surfaces' loop
    return query execute format('select %L, coalesce(to_jsonb(s) ->> ''key'', s::text) from %s s', v_table, v_table);
  end loop;
end;
$$;

-- Object surfaces are rows: whatever a table named …_surfaces lists carries a class and a retention that exist. What
-- stands in the object store is named by a column that ends in object_key and belongs to a surface.
create or replace function tests.lint_surfaces() returns table (object text, problem text)
language plpgsql stable as $$
declare
  v_table record;
  v_column record;
begin
  for v_table in select t.oid, t.name from tests.app_tables t where t.relname like '%\_surfaces' loop
    for v_column in
      select * from (values ('class', 'app_private.data_classes', 'name'), ('retention', 'app_private.retentions', 'key'))
        as needed (name, of_table, of_column)
    loop
      if not exists (
        select from tests.app_columns c
        join tests.app_foreign_keys k on k.conrelid = c.table_oid and k.parent = v_column.of_table and c.attname = any (k.columns)
        where c.table_oid = v_table.oid and c.attname = v_column.name and c.attnotnull
      ) then
        object := v_table.name;
        problem := 'lists surfaces without a ' || v_column.name || ' that must be given and refers to ' || v_column.of_table;
        return next;
      end if;
      -- Keys can be lifted; the rows are looked at as well.
      if exists (select from tests.app_columns c where c.table_oid = v_table.oid and c.attname = v_column.name) then
        return query execute format(
          $q$select %L || ' ' || coalesce(to_jsonb(s) ->> 'key', s::text), %L
             from %s s where not exists (select from %s k where k.%I = s.%I)$q$,
          v_table.name, 'has no ' || v_column.name || ' that exists', v_table.name, v_column.of_table, v_column.of_column,
          v_column.name);
      end if;
    end loop;
  end loop;
  return query
    select c.name, 'names an object in the store, and no key of its table says of which surface'
    from tests.app_columns c
    where c.attname ~ '(^|_)object_key$'
      and not exists (
        select from tests.app_foreign_keys k where k.conrelid = c.table_oid and k.parent like '%\_surfaces');
end;
$$;
