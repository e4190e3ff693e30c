-- The catalog lint, answers about the caller that are kept for a transaction: who asks for them, what forgets them, and
-- who may write them. FND-04, FND-29.

-- What keep_rights() asks, and what those ask in turn.
create or replace view tests.rights_functions as
with recursive asked as (
  select f.oid, f.name
  from tests.app_functions f, tests.app_functions k
  where k.proname = 'keep_rights' and k.prosrc ~ ('app_hidden\.' || f.proname || '\(') and f.proname <> 'asker'
  union
  select f.oid, f.name
  from asked a
  join pg_catalog.pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = a.oid and d.refclassid = 'pg_proc'::regclass
  join tests.app_functions f on f.oid = d.refobjid
)
select * from asked;

create or replace function tests.lint_kept_rights() returns table (object text, problem text)
language sql stable as $$
  select distinct p.name, 'asks ' || f.name || ' itself, where rights() keeps the answer'
  from tests.app_policies p
  join pg_catalog.pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
  join tests.rights_functions r on r.oid = d.refobjid
  join tests.app_functions f on f.oid = r.oid
  where f.proname not in ('current_principal_id', 'current_organization_id')
  union all
  select distinct t.name, 'is asked about the caller, and has no trigger _900_forget_rights after each statement that changes it'
  from tests.rights_functions r
  join pg_catalog.pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
  join tests.app_tables t on t.oid = d.refobjid
  where not exists (
    select from pg_catalog.pg_trigger tg
    where tg.tgrelid = t.oid and tg.tgname = '_900_forget_rights' and tg.tgenabled = 'O' and tg.tgqual is null
      and tg.tgfoid = 'app_private.tg_forget_rights'::regproc and cardinality(tg.tgattr) = 0
      -- After (not 2) each statement (not 1) that inserts, deletes or updates.
      and tg.tgtype & (1 | 2 | 4 | 8 | 16) = 4 | 8 | 16
  )
  union all
  -- An answer is written by keep_rights() alone: nobody else writes a setting whose name is computed or is one of these.
  select f.name, 'writes a setting that may be a kept answer'
  from tests.app_functions f
  where regexp_replace(f.prosrc, 'set_config\(\s*''((app\.(?!rights)|audit\.)[a-z_]+|timezone)'',', '', 'g') ~ 'set_config';
$$;
