-- The catalog lint, rights: what roles, functions and views may do besides policies. FND-05.

create or replace function tests.lint_grant_options() returns table (object text, problem text)
language sql stable as $$
  select t.name, e.grantee::regrole || ' may pass on ' || e.privilege_type
  from tests.app_tables t cross join pg_catalog.aclexplode(t.relacl) e
  where e.is_grantable and e.grantee <> t.relowner
  union all
  select f.name, e.grantee::regrole || ' may pass on ' || e.privilege_type
  from tests.app_functions f cross join pg_catalog.aclexplode(f.proacl) e
  where e.is_grantable and e.grantee <> f.proowner;
$$;

create or replace function tests.lint_table_rights() returns table (object text, problem text)
language sql stable as $$
  select t.name, e.grantee::regrole || ' may ' || e.privilege_type
  from tests.app_tables t cross join pg_catalog.aclexplode(t.relacl) e
  where e.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') and e.grantee <> t.relowner;
$$;

create or replace function tests.lint_public_rights() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'PUBLIC may execute it'
  from tests.app_functions f
  cross join pg_catalog.aclexplode(coalesce(f.proacl, pg_catalog.acldefault('f', f.proowner))) e
  where e.grantee = 0
  union all
  select c.oid::regclass::text, 'PUBLIC has ' || e.privilege_type
  from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) e
  where c.relnamespace = any (tests.app_schemas()) and e.grantee = 0
  union all
  select c.name, 'PUBLIC has ' || e.privilege_type
  from tests.app_columns c
  join pg_catalog.pg_attribute a on a.attrelid = c.table_oid and a.attnum = c.attnum
  cross join pg_catalog.aclexplode(a.attacl) e
  where e.grantee = 0
  union all
  select n.nspname, 'PUBLIC has ' || e.privilege_type
  from pg_catalog.pg_namespace n cross join pg_catalog.aclexplode(n.nspacl) e
  where e.grantee = 0 and (n.oid = any (tests.app_schemas()) or e.privilege_type = 'CREATE') and n.nspname <> 'tests'
  union all
  select d.datname, 'PUBLIC may ' || e.privilege_type || ' in the database'
  from pg_catalog.pg_database d
  cross join pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) e
  where d.datname = pg_catalog.current_database() and e.grantee = 0 and e.privilege_type in ('TEMPORARY', 'CREATE');
$$;

-- Without this, the next function made would be executable by everyone until somebody remembers to revoke.
create or replace function tests.lint_default_privileges() returns table (object text, problem text)
language sql stable as $$
  select r.rolname::text, 'functions it makes are executable by PUBLIC by default'
  from pg_catalog.pg_roles r
  where r.rolname in ('app_owner', 'app_engine') and not exists (
    select from pg_catalog.pg_default_acl d
    where d.defaclrole = r.oid and d.defaclobjtype = 'f' and d.defaclnamespace = 0
      and not exists (select from pg_catalog.aclexplode(d.defaclacl) e where e.grantee = 0)
  );
$$;

create or replace function tests.lint_roles() returns table (object text, problem text)
language sql stable as $$
  select r.rolname::text, wrong.problem
  from pg_catalog.pg_roles r
  cross join lateral (values
    (r.rolsuper, 'is superuser'),
    (r.rolbypassrls, 'bypasses row level security'),
    (r.rolcreaterole, 'may make roles'),
    (r.rolcreatedb, 'may make databases'),
    (r.rolreplication, 'may replicate'),
    (r.rolname = 'app_authenticator' and r.rolinherit, 'inherits: rights would not wait for set role'),
    (r.rolcanlogin and r.rolname in ('app_engine', 'app_anonymous', 'app_member', 'app_link'), 'may log in'),
    (r.rolname = 'app_engine' and exists (select from pg_catalog.pg_auth_members m where m.member = r.oid),
     'is a member of another role'),
    (r.rolname <> 'app_authenticator' and r.oid = any (tests.api_roles())
       and exists (select from pg_catalog.pg_auth_members m where m.member = r.oid), 'is a member of another role'),
    (r.rolname <> 'app_engine' and exists (
       select from pg_catalog.pg_auth_members m
       join pg_catalog.pg_roles g on g.oid = m.roleid and g.rolname in ('app_engine', 'app_owner')
       where m.member = r.oid and (r.rolname <> 'app_owner' or m.inherit_option)
     ), 'inherits or may become a role that owns things')
  ) as wrong (is_so, problem)
  where r.rolname like 'app\_%' and wrong.is_so;
$$;

-- One rule: what runs with the engine's rights is the engine's, all else the migrator's. That a definer function is the
-- engine's is asked by definer_functions.
create or replace function tests.lint_ownership() returns table (object text, problem text)
language sql stable as $$
  select c.oid::regclass::text, 'is owned by ' || c.relowner::regrole || ', not by ' || wanted.owner
  from pg_catalog.pg_class c
  -- A materialized view is filled with its owner's rights, and row security leaves the owner of the tables no row.
  cross join lateral (select case when c.relkind = 'm' then 'app_engine' else 'app_owner' end) as wanted (owner)
  where c.relnamespace = any (tests.app_schemas()) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
    and c.relowner <> wanted.owner::regrole
  union all
  select t.oid::regtype::text, 'is owned by ' || t.typowner::regrole || ', not by app_owner'
  from pg_catalog.pg_type t
  where t.typnamespace = any (tests.app_schemas()) and t.typtype in ('d', 'e', 'r') and t.typowner <> 'app_owner'::regrole
  union all
  select f.name, 'runs with its caller''s rights and is owned by ' || f.proowner::regrole || ', not by app_owner'
  from tests.app_functions f
  where not f.prosecdef and f.proowner <> 'app_owner'::regrole
  union all
  select n.nspname, 'is owned by ' || n.nspowner::regrole || ', not by app_owner'
  from pg_catalog.pg_namespace n
  where n.oid = any (tests.app_schemas()) and n.nspowner <> 'app_owner'::regrole;
$$;

-- With forced row security a definer function of the tables' owner would see nothing, and one of a superuser
-- everything; the engine sees what its policies say.
create or replace function tests.lint_definer_functions() returns table (object text, problem text)
language sql stable as $$
  select f.name, wrong.problem
  from tests.app_functions f
  left join tests.allowed_definer_functions allowed on allowed.function = f.name
  cross join lateral (values
    (f.proowner <> 'app_engine'::regrole, 'is security definer and owned by ' || f.proowner::regrole),
    (not coalesce(f.proconfig @> array['search_path=""'], false), 'is security definer without set search_path = '''''),
    (allowed.function is null, 'is security definer and not in the allow-list')
  ) as wrong (is_so, problem)
  where f.prosecdef and wrong.is_so
  union all
  select allowed.function, 'stands in the allow-list of definer functions and is none'
  from tests.allowed_definer_functions allowed
  where not exists (select from tests.app_functions f where f.prosecdef and f.name = allowed.function);
$$;

-- A body in the SQL standard's form is bound when it is created, so no later search path can bend it.
create or replace function tests.lint_search_path() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'does not set search_path = '''''
  from tests.app_functions f
  where f.prosqlbody is null and not coalesce(f.proconfig @> array['search_path=""'], false);
$$;

create or replace function tests.lint_leakproof() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'is marked leakproof' from tests.app_functions f where f.proleakproof;
$$;

create or replace function tests.lint_views() returns table (object text, problem text)
language sql stable as $$
  select c.oid::regclass::text, 'is a view without security_invoker'
  from pg_catalog.pg_class c
  where c.relkind = 'v' and c.relnamespace = any (tests.app_schemas())
    and not coalesce('security_invoker=true' = any (c.reloptions) or 'security_invoker=on' = any (c.reloptions), false)
  union all
  select c.oid::regclass::text, 'is a materialized view that ' || e.grantee::regrole || ' may read past row security'
  from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) e
  where c.relkind = 'm' and c.relnamespace = any (tests.app_schemas())
    and e.grantee = any (tests.api_roles()) and e.grantee <> 'app_analyst'::regrole;
$$;

-- A sequence is shared by all clinics: whoever may read it counts what the others do.
create or replace function tests.lint_sequences() returns table (object text, problem text)
language sql stable as $$
  select c.oid::regclass::text, e.grantee::regrole || ' may ' || e.privilege_type || ' a sequence that all clinics share'
  from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) e
  where c.relkind = 'S' and c.relnamespace = any (tests.app_schemas()) and e.grantee = any (tests.api_roles());
$$;

-- What lies in a large object is in no table: no policy, class or audit sees it.
create or replace function tests.lint_large_objects() returns table (object text, problem text)
language sql stable as $$
  select p.oid::regprocedure::text, e.grantee_name || ' may keep data beside all tables'
  from pg_catalog.pg_proc p
  cross join lateral (
    select case when acl.grantee = 0 then 'PUBLIC' else acl.grantee::regrole::text end as grantee_name
    from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) acl
    where acl.grantee <> p.proowner
  ) e
  where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(lo_|loread$|lowrite$)'
  union all
  select 'large object ' || l.oid, 'is in no table' from pg_catalog.pg_largeobject_metadata l;
$$;
