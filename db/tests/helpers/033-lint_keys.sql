-- The catalog lint, keys: rows stay in their clinic. FND-06.

create or replace function tests.lint_primary_keys() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'has no primary key'
  from tests.app_tables t
  where not exists (select from tests.app_indexes i where i.indrelid = t.oid and i.indisprimary);
$$;

create or replace function tests.lint_foreign_key_indexes() returns table (object text, problem text)
language sql stable as $$
  with indexes as materialized (select * from tests.app_indexes)
  select fk.name, 'has no index that starts with ' || array_to_string(fk.columns, ', ')
  from tests.app_foreign_keys fk
  where not exists (
    select from indexes i
    where i.indrelid = fk.conrelid
      and i.columns[1:cardinality(fk.columns)] @> fk.columns
      and (i.indpred is null
           or exists (select from unnest(fk.columns) c where i.predicate = format('(%I IS NOT NULL)', c)))
  );
$$;

create or replace function tests.lint_tenant_identity() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'has no unique (organization_id, id) for others to reference'
  from tests.tenant_tables t
  join tests.app_columns c on c.table_oid = t.oid and c.attname = 'id'
  where not exists (
    select from tests.app_indexes i
    where i.indrelid = t.oid and i.indisunique and i.indpred is null and i.columns = '{organization_id,id}'
  )
  union all
  select t.name, 'has a primary key that neither is id nor starts with organization_id'
  from tests.tenant_tables t
  where not exists (
    select from tests.app_indexes i
    where i.indrelid = t.oid and i.indisprimary and (i.columns = '{id}' or i.columns[1] = 'organization_id')
  );
$$;

-- A row without a clinic is in nobody's policy, and its composite keys are not checked.
create or replace function tests.lint_tenant_rows() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'may hold rows without a clinic' from tests.tenant_tables t where not t.always;
$$;

-- Foreign key checks ignore row security: only the tenant column inside the key keeps a row in its clinic, and only
-- then does a row know where to go when its clinic moves. The tenant column is organization_id or, where the platform
-- has rows too, scope_id; a link to the platform's or the own rows carries the scope under a name of its own, and a
-- check that holds it to the two (docs/decisions/0008).
create or replace function tests.lint_tenant_foreign_keys() returns table (object text, problem text)
language sql stable as $$
  with keys as materialized (select * from tests.app_foreign_keys),
       tenants as materialized (select * from tests.tenant_tables),
       scoped as (  -- tables whose rows carry their scope
         select c.table_oid as oid from tests.app_columns c where c.attname = 'scope_id' and c.attnotnull
       )
  select fk.name, 'references ' || fk.parent || ' without organization_id on both sides'
  from keys fk
  join tenants parent on parent.oid = fk.confrelid
  where (fk.conrelid in (select oid from tenants) or fk.conrelid in (select oid from scoped))
    and not exists (
      select from unnest(fk.columns, fk.parent_columns) as pair (own, theirs)
      where (pair.own = 'organization_id' and pair.theirs = 'organization_id')
         or (pair.own = 'scope_id' and pair.theirs = 'scope_id')
         or (pair.own like '%\_scope\_id' and pair.theirs = 'scope_id' and exists (
              select from pg_catalog.pg_constraint held
              where held.conrelid = fk.conrelid and held.contype = 'c'
                and pg_catalog.pg_get_constraintdef(held.oid) ~ ('\(' || pair.own || ' = organization_id\)')))
    )
  union all
  select fk.name, 'is not checked while organization_id is null'
  from keys fk
  join tenants child on child.oid = fk.conrelid and not child.always
  where 'organization_id' = any (fk.columns) and cardinality(fk.columns) > 1
  union all
  select fk.child, 'belongs to rows of ' || fk.parent || ' and has no organization_id itself'
  from keys fk
  join tenants parent on parent.oid = fk.confrelid
  where fk.conrelid not in (select oid from tenants) and fk.conrelid not in (select oid from scoped)
  union all
  select fk.name, 'names a clinic in ' || fk.columns[1] || ' instead of organization_id'
  from keys fk
  where fk.parent = 'app_public.organizations' and fk.columns <> '{organization_id}';
$$;

-- A sequence counts what one server wrote: on another one it starts again, below what moved there. SCA-01.
create or replace function tests.lint_counters() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is numbered by a sequence, which starts again on another server'
  from tests.app_columns c
  join pg_catalog.pg_attribute a on a.attrelid = c.table_oid and a.attnum = c.attnum
  left join pg_catalog.pg_attrdef d on d.adrelid = c.table_oid and d.adnum = c.attnum
  where a.attidentity <> '' or pg_catalog.pg_get_expr(d.adbin, d.adrelid) like '%nextval(%';
$$;

-- Positions order what belongs to one thing; a unique key says to which. SCA-01.
create or replace function tests.lint_positions() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'orders nothing: no unique key says within what it counts'
  from tests.app_columns c
  where c.attname = 'position'
    and not exists (
      select from tests.app_indexes i
      where i.indrelid = c.table_oid and i.indisunique and i.indpred is null
        and 'position' = any (i.columns) and cardinality(i.columns) > 1
    );
$$;

-- What clinics point at on every server has the same id on every server, made by a trigger, and a check that says so. SCA-01.
create or replace function tests.lint_fixed_ids() returns table (object text, problem text)
language sql stable as $$
  with keys as materialized (select * from tests.app_foreign_keys),
       shared as (
         select t.oid, t.name
         from tests.app_tables t
         join tests.table_homes h on h.name = t.name and h.home = 'platform'
         join tests.app_columns c on c.table_oid = t.oid and c.typname = 'uuid'
         join pg_catalog.pg_index i on i.indrelid = t.oid and i.indisprimary and c.attnum = any (i.indkey)
         union
         -- Clinics' rows and the platform's in one table: whoever points there under another scope may mean the platform's.
         select t.oid, t.name
         from tests.tenant_tables t
         join keys fk on fk.confrelid = t.oid and not fk.columns && '{organization_id,scope_id}'
         where not t.always
       )
  select s.name, 'has rows of the platform whose ids may differ from server to server'
  from shared s
  where not exists (
    select from pg_catalog.pg_constraint held
    where held.conrelid = s.oid and held.contype = 'c' and held.convalidated
      and pg_catalog.pg_get_constraintdef(held.oid) ~ 'uuid_extract_version.* 8'
  )
  union all
  select t.name, 'has a check for fixed ids, a default that makes others, and no trigger that makes fixed ones: _150_fixed_id'
  from tests.app_tables t
  join pg_catalog.pg_constraint held on held.conrelid = t.oid and held.contype = 'c'
  join pg_catalog.pg_attrdef made on made.adrelid = t.oid and made.adnum = any (held.conkey)
  where pg_catalog.pg_get_constraintdef(held.oid) ~ 'uuid_extract_version.* 8'
    and not exists (
      select from pg_catalog.pg_trigger tg
      where tg.tgrelid = t.oid and tg.tgfoid = 'app_private.tg_fixed_id'::regproc and tg.tgenabled = 'O');
$$;

-- Every id is somebody's. A key that also holds a column that may be null does not count: null switches it off.
create or replace function tests.lint_references() returns table (object text, problem text)
language sql stable as $$
  with keys as materialized (select * from tests.app_foreign_keys)
  select c.name, 'is the id of something, and no foreign key says of what'
  from tests.app_columns c
  where c.attname like '%\_id' and c.typname = 'uuid'
    and not exists (
      select from keys fk
      where fk.conrelid = c.table_oid and c.attname = any (fk.columns)
        and not exists (
          select from tests.app_columns other
          where other.table_oid = fk.conrelid and other.attname = any (fk.columns)
            and other.attname <> c.attname and not other.attnotnull
        )
    );
$$;

-- A unique constraint across clinics tells one of them what another has. One that holds a reference into the clinic,
-- as every key of a tenant table does, cannot meet another clinic's row.
create or replace function tests.lint_tenant_uniques() returns table (object text, problem text)
language sql stable as $$
  with keys as materialized (select * from tests.app_foreign_keys)
  select i.name, 'is unique across clinics: (' || array_to_string(i.columns, ', ') || ') lacks organization_id'
  from tests.app_indexes i
  join tests.tenant_tables t on t.oid = i.indrelid
  where (i.indisunique or i.indisexclusion) and not 'organization_id' = any (i.columns)
    and not (i.indisprimary and i.columns = '{id}')
    and not exists (
      select from keys fk
      where fk.conrelid = i.indrelid and 'organization_id' = any (fk.columns)
        and array_remove(fk.columns, 'organization_id') <> '{}'
        and array_remove(fk.columns, 'organization_id') <@ i.columns
    )
    and not exists (  -- an identity column counts, it says nothing
      select from pg_catalog.pg_attribute a
      where a.attrelid = i.indrelid and a.attidentity <> '' and i.columns = array[a.attname::text]
    );
$$;
