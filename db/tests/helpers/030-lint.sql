-- The catalog lint: what must hold for every table, function, policy and role of ours, today's and tomorrow's.
-- FND-05, FND-06, FND-10. One function per rule, tests.lint_<rule>(), naming what breaks it and how;
-- tests.lint(rule) takes away the declared exceptions (026-lint_exceptions.sql), and complains about stale ones.

create or replace function tests.app_schemas() returns oid[]
language sql stable
set search_path = ''
as $$
  select array_agg(n.oid) from pg_catalog.pg_namespace n
  where n.nspname in ('app_public', 'app_hidden', 'app_private', 'audit', 'analytics');
$$;

-- The roles that outsiders and processes connect as. Neither the migrator nor the engine is among them.
create or replace function tests.api_roles() returns oid[]
language sql stable
set search_path = ''
as $$
  select array_agg(r.oid) from pg_catalog.pg_roles r
  where r.rolname in ('app_authenticator', 'app_anonymous', 'app_member', 'app_link', 'app_worker', 'app_telemetry',
                      'app_analyst');
$$;

create or replace view tests.app_tables as
select c.oid, n.nspname || '.' || c.relname as name, c.relname, n.nspname, c.relowner, c.relacl,
       c.relrowsecurity, c.relforcerowsecurity, c.relispartition
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.oid = any (tests.app_schemas());

create or replace view tests.app_functions as
select p.*, p.oid::regprocedure::text as name
from pg_catalog.pg_proc p
where p.pronamespace = any (tests.app_schemas())
  and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e');

create or replace view tests.app_policies as
select pol.*, t.name || '.' || pol.polname as name, t.relname, t.name as table_name,
       case pol.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
         else 'all' end as command,
       (select array_agg(case when r = 0 then 'public' else r::regrole::text end) from unnest(pol.polroles) r) as roles,
       pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) as using_text,
       pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) as check_text
from pg_catalog.pg_policy pol
join tests.app_tables t on t.oid = pol.polrelid;

create or replace view tests.app_columns as
select t.name || '.' || a.attname as name, t.oid as table_oid, t.name as table_name, a.attname, a.attnum,
       a.attnotnull, a.atttypid, ty.typname, ty.typtype
from pg_catalog.pg_attribute a
join tests.app_tables t on t.oid = a.attrelid
join pg_catalog.pg_type ty on ty.oid = a.atttypid
where a.attnum > 0 and not a.attisdropped;

create or replace view tests.app_indexes as
select i.indexrelid::regclass::text as name, i.indrelid, i.indisunique, i.indisprimary, i.indisexclusion, i.indpred,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
       array(
         select coalesce(a.attname, '(expression)')
         from unnest(i.indkey) with ordinality as k (attnum, place)
         left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
         where k.place <= i.indnkeyatts
         order by k.place
       )::text[] as columns
from pg_catalog.pg_index i
join tests.app_tables t on t.oid = i.indrelid
where i.indisvalid;

create or replace view tests.app_foreign_keys as
select child.name || ' (' || con.conname || ')' as name, con.conrelid, con.confrelid, child.name as child,
       parent.name as parent,
       array(select a.attname from unnest(con.conkey) with ordinality k (attnum, place)
             join pg_catalog.pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.attnum order by k.place
       )::text[] as columns,
       array(select a.attname from unnest(con.confkey) with ordinality k (attnum, place)
             join pg_catalog.pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.attnum order by k.place
       )::text[] as parent_columns
from pg_catalog.pg_constraint con
join tests.app_tables child on child.oid = con.conrelid
join tests.app_tables parent on parent.oid = con.confrelid
where con.contype = 'f' and con.conparentid = 0;

-- Tables whose rows belong to a clinic, and whether every row does.
create or replace view tests.tenant_tables as
select t.oid, t.name, c.attnotnull as always
from tests.app_tables t
join tests.app_columns c on c.table_oid = t.oid and c.attname = 'organization_id';

-- Rules ------------------------------------------------------------------------------------------------------

create or replace function tests.lint_row_security() returns table (object text, problem text)
language sql stable as $$
  select t.name, case when not t.relrowsecurity then 'row level security is off' else 'row level security is not forced' end
  from tests.app_tables t
  where not t.relrowsecurity or not t.relforcerowsecurity;
$$;

create or replace function tests.lint_primary_keys() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'has no primary key'
  from tests.app_tables t
  where not exists (select from tests.app_indexes i where i.indrelid = t.oid and i.indisprimary);
$$;

create or replace function tests.lint_comments() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'has no comment' from tests.app_tables t
  where not t.relispartition and pg_catalog.obj_description(t.oid, 'pg_class') is null
  union all
  select f.name, 'has no comment' from tests.app_functions f
  where pg_catalog.obj_description(f.oid, 'pg_proc') is null
  union all
  select c.oid::regclass::text, 'has no comment' from pg_catalog.pg_class c
  where c.relkind in ('v', 'm') and c.relnamespace = any (tests.app_schemas())
    and pg_catalog.obj_description(c.oid, 'pg_class') is null;
$$;

create or replace function tests.lint_policy_names() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'is not named ' || p.relname || '_' || p.command || '_<who>'
  from tests.app_policies p
  where p.polname !~ ('^' || p.relname || '_' || p.command || '_[a-z]+(_[a-z]+)*$')
    and not (p.polname = p.relname || '_engine' and p.command = 'all' and p.roles = '{app_engine}');
$$;

create or replace function tests.lint_policies_name_roles() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'applies to PUBLIC' from tests.app_policies p where 'public' = any (p.roles);
$$;

create or replace function tests.lint_write_policies_check() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'has no WITH CHECK' from tests.app_policies p
  where p.command in ('update', 'all') and p.polpermissive and p.check_text is null;
$$;

-- The engine and the worker are told apart from people by their functions, and the migrator keeps the platform's
-- reference tables. Nobody else writes without a condition.
create or replace function tests.lint_write_policies_are_conditional() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'lets ' || array_to_string(p.roles, ', ') || ' write any row'
  from tests.app_policies p
  where p.polpermissive
    and case p.command
          when 'select' then false
          when 'insert' then p.check_text = 'true'
          when 'delete' then p.using_text = 'true'
          else p.using_text = 'true' or p.check_text = 'true'
        end
    and not (p.roles <@ '{app_engine,app_worker}')
    and not (p.roles = '{app_owner}' and p.polrelid not in (select oid from tests.tenant_tables));
$$;

create or replace function tests.lint_select_policies_are_conditional() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'shows every clinic''s rows to ' || array_to_string(p.roles, ', ')
  from tests.app_policies p
  where p.command = 'select' and p.polpermissive and p.using_text = 'true'
    and p.polrelid in (select oid from tests.tenant_tables)
    and not (p.roles <@ '{app_engine,app_worker}');
$$;

-- Reads the expression tree, not its text: a call outside a sub-select runs per row, and so does a sub-select that
-- looks at the row. Both cost the index; measured, 20,000 times the time.
create or replace function tests.calls_per_row(expression pg_node_tree) returns text
language plpgsql stable as $$
declare
  v_token text[];
  v_depth int := 0;
  v_sublink_at int;
  v_function oid;
begin
  for v_token in
    select regexp_matches(expression::text, '(\\.|\{[A-Z_]+|\}|:funcid [0-9]+|:varlevelsup [0-9]+)', 'g')
  loop
    if v_token[1] like '{%' then
      v_depth := v_depth + 1;
      if v_token[1] = '{SUBLINK' and v_sublink_at is null then
        v_sublink_at := v_depth;
      end if;
    elsif v_token[1] = '}' then
      if v_depth = v_sublink_at then
        v_sublink_at := null;
      end if;
      v_depth := v_depth - 1;
    elsif v_token[1] like ':funcid %' and v_sublink_at is null then
      v_function := split_part(v_token[1], ' ', 2)::oid;
      if v_function >= 16384 or v_function in (select oid from pg_catalog.pg_proc where proname = 'current_setting') then
        return 'calls ' || v_function::regprocedure || ' per row: wrap it in (select …)';
      end if;
    elsif v_token[1] like ':varlevelsup %' and v_sublink_at is not null and v_token[1] <> ':varlevelsup 0' then
      return 'has a sub-select that looks at the row, so it runs per row';
    end if;
  end loop;
  return null;
end;
$$;

create or replace function tests.lint_policies_run_once() returns table (object text, problem text)
language sql stable as $$
  select p.name, found.problem
  from tests.app_policies p
  cross join lateral (
    select coalesce(tests.calls_per_row(p.polqual), tests.calls_per_row(p.polwithcheck)) as problem
  ) as found
  where found.problem is not null;
$$;

-- Who may do what to a table by grant, whole table or single columns.
create or replace view tests.granted_commands as
select distinct t.oid as table_oid, t.name as table_name, acl.grantee, lower(acl.privilege_type) as command
from tests.app_tables t
cross join lateral (
  select e.grantee, e.privilege_type from pg_catalog.aclexplode(t.relacl) e
  union
  select e.grantee, e.privilege_type
  from pg_catalog.pg_attribute a cross join pg_catalog.aclexplode(a.attacl) e
  where a.attrelid = t.oid
) as acl
where acl.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') and acl.grantee <> t.relowner;

create or replace function tests.lint_grants_have_policies() returns table (object text, problem text)
language sql stable as $$
  select g.table_name, g.grantee::regrole || ' may ' || g.command || ' by grant, and no policy lets it'
  from tests.granted_commands g
  where g.grantee <> 0 and not exists (
    select from tests.app_policies p
    where p.polrelid = g.table_oid and p.command in (g.command, 'all') and p.polroles && array[g.grantee, 0::oid]
  );
$$;

create or replace function tests.lint_policies_have_grants() returns table (object text, problem text)
language sql stable as $$
  select p.name, role.oid::regrole || ' has the policy and no grant to ' || p.command
  from tests.app_policies p
  cross join unnest(p.polroles) as role (oid)
  where role.oid <> 0 and role.oid <> (select relowner from pg_catalog.pg_class where oid = p.polrelid)
    and not exists (
      select from tests.granted_commands g
      where g.table_oid = p.polrelid and g.grantee = role.oid and p.command in (g.command, 'all')
    );
$$;

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

create or replace function tests.lint_ownership() returns table (object text, problem text)
language sql stable as $$
  select c.oid::regclass::text, 'is owned by ' || c.relowner::regrole || ', not by app_owner'
  from pg_catalog.pg_class c
  where c.relnamespace = any (tests.app_schemas()) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    and c.relowner <> 'app_owner'::regrole
  union all
  select f.name, 'is owned by ' || f.proowner::regrole || ', not by app_owner or app_engine'
  from tests.app_functions f
  where f.proowner not in ('app_owner'::regrole, 'app_engine'::regrole)
  union all
  select n.nspname, 'is owned by ' || n.nspowner::regrole
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

-- Foreign key checks ignore row security: only the tenant column inside the key keeps a row in its clinic.
create or replace function tests.lint_tenant_foreign_keys() returns table (object text, problem text)
language sql stable as $$
  with keys as materialized (select * from tests.app_foreign_keys),
       tenants as materialized (select * from tests.tenant_tables)
  select fk.name, 'references ' || fk.parent || ' without organization_id on both sides'
  from keys fk
  join tenants child on child.oid = fk.conrelid
  join tenants parent on parent.oid = fk.confrelid
  where not exists (
    select from unnest(fk.columns, fk.parent_columns) as pair (own, theirs)
    where pair.own = 'organization_id' and pair.theirs = 'organization_id'
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
  where fk.conrelid not in (select oid from tenants);
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

create or replace function tests.lint_column_types() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is ' || pg_catalog.format_type(c.atttypid, null) || ': ' || why.reason
  from tests.app_columns c
  cross join lateral (values
    (c.typname in ('float4', 'float8'), 'floating point loses cents and minutes'),
    (c.typname = 'money', 'depends on the locale: use bigint minor units'),
    (c.typname in ('timestamp', 'timetz'), 'an instant is timestamptz'),
    (c.typtype = 'e', 'an enum''s equality is not leakproof: use text with a check'),
    (c.typname = 'json', 'jsonb compares and indexes'),
    (c.attname like '%\_amount' and c.typname <> 'int8', 'money is bigint minor units'),
    (c.attname like '%\_at' and c.typname <> 'timestamptz', '_at names an instant: timestamptz'),
    (c.attname like '%\_on' and c.typname <> 'date', '_on names a day: date'),
    (c.attname like '%\_id' and c.typname = 'int8', 'ids are uuid'),
    (c.typname in ('_uuid'), 'an array has no foreign keys: use a junction table')
  ) as why (is_so, reason)
  where why.is_so;
$$;

create or replace function tests.lint_status_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, case when c.typname <> 'text' then 'is not text' else 'has no check that lists its values' end
  from tests.app_columns c
  where (c.attname in ('status', 'state', 'kind', 'modality', 'actor') or c.attname like '%\_mode' or c.attname like '%\_strategy')
    and (c.typname <> 'text' or not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = c.table_oid and k.contype = 'c' and k.conkey = array[c.attnum]
    ));
$$;

create or replace function tests.lint_constraint_names() returns table (object text, problem text)
language sql stable as $$
  select t.name || ' (' || k.conname || ')', 'is a constraint whose name says nothing'
  from pg_catalog.pg_constraint k join tests.app_tables t on t.oid = k.conrelid
  where k.contype in ('c', 'u', 'x') and k.conname ~ '_(check|key|excl)[0-9]*$';
$$;

create or replace function tests.lint_triggers() returns table (object text, problem text)
language sql stable as $$
  select t.name || '.' || tg.tgname, wrong.problem
  from pg_catalog.pg_trigger tg
  join tests.app_tables t on t.oid = tg.tgrelid
  join pg_catalog.pg_proc p on p.oid = tg.tgfoid
  cross join lateral (values
    (tg.tgname !~ '^_[0-9]{3}_[a-z]+(_[a-z]+)*$', 'is not named _NNN_task'),
    (p.proname !~ '^tg_', 'runs ' || p.oid::regprocedure || ', which is not named tg_…'),
    (tg.tgenabled <> 'O', 'is disabled or replica-only')
  ) as wrong (is_so, problem)
  where not tg.tgisinternal and wrong.is_so
  union all
  select c.table_name, 'has updated_at and no trigger that stamps it'
  from tests.app_columns c
  where c.attname = 'updated_at' and not exists (
    select from pg_catalog.pg_trigger tg
    where tg.tgrelid = c.table_oid and tg.tgname like '\_1__\_%' and tg.tgenabled = 'O'
  );
$$;

-- A state that no trigger guards is a state anybody's update may skip over.
create or replace function tests.lint_state_machines() returns table (object text, problem text)
language sql stable as $$
  select c.table_name, 'has a status, and moves of it in state_transitions, and no trigger _200_guard_state'
  from tests.app_columns c
  join tests.app_tables t on t.oid = c.table_oid
  where c.attname = 'status'
    and exists (select from app_private.state_transitions m where m.entity = t.relname)
    and not exists (
      select from pg_catalog.pg_trigger tg
      where tg.tgrelid = c.table_oid and tg.tgname = '_200_guard_state' and tg.tgenabled = 'O'
        and tg.tgtype & 2 = 2   -- before
        and tg.tgtype & 4 = 4   -- insert
        and tg.tgtype & 16 = 16 -- update
        and tg.tgqual is null
    )
  union all
  select c.name, 'is a status without moves in state_transitions'
  from tests.app_columns c
  join tests.app_tables t on t.oid = c.table_oid
  where c.attname = 'status' and t.nspname = 'app_public'
    and not exists (select from app_private.state_transitions m where m.entity = t.relname)
  union all
  select distinct m.entity, 'has moves in state_transitions and is no table with a status'
  from app_private.state_transitions m
  where not exists (
    select from tests.app_columns c join tests.app_tables t on t.oid = c.table_oid
    where c.attname = 'status' and t.relname = m.entity
  );
$$;

create or replace function tests.lint_secret_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, role.oid::regrole || ' may ' || command || ' it'
  from tests.app_columns c
  cross join unnest(tests.api_roles()) as role (oid)
  cross join unnest('{select,insert,update}'::text[]) as command
  where c.attname ~ '(token|secret|hash|password|ciphertext|private_key)'
    and pg_catalog.has_column_privilege(role.oid, c.table_oid, c.attnum, command);
$$;

-- Deleted is hidden from every API read, and its place is free again. FND-10.
create or replace function tests.lint_soft_delete() returns table (object text, problem text)
language sql stable as $$
  select p.name, 'shows deleted rows: it does not look at deleted_at'
  from tests.app_policies p
  join tests.app_columns c on c.table_oid = p.polrelid and c.attname = 'deleted_at'
  where p.command in ('select', 'all') and p.polpermissive
    and not (p.roles <@ '{app_engine,app_worker,app_owner}')
    and coalesce(p.using_text, '') !~ '\mdeleted_at IS NULL\M'
  union all
  select i.name, 'counts deleted rows as taken'
  from tests.app_indexes i
  join tests.app_columns c on c.table_oid = i.indrelid and c.attname = 'deleted_at'
  where i.indisunique and not i.indisprimary and i.columns <> '{organization_id,id}'
    and coalesce(i.predicate, '') !~ '\mdeleted_at IS NULL\M';
$$;

-- A sequence is shared by all clinics: whoever may read it counts what the others do.
create or replace function tests.lint_sequences() returns table (object text, problem text)
language sql stable as $$
  select c.oid::regclass::text, e.grantee::regrole || ' may ' || e.privilege_type || ' a sequence that all clinics share'
  from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) e
  where c.relkind = 'S' and c.relnamespace = any (tests.app_schemas()) and e.grantee = any (tests.api_roles());
$$;

create or replace function tests.lint_rules() returns setof text
language sql stable as $$
  select substr(p.proname, 6) from pg_catalog.pg_proc p
  where p.pronamespace = 'tests'::regnamespace and p.proname like 'lint\_%' and p.pronargs = 0
    and p.proname <> 'lint_rules'
  order by 1;
$$;

-- The search path is emptied while a rule runs, so that every name it prints is the full one.
create or replace function tests.lint(only_rule text default null)
returns table (rule text, object text, problem text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule text;
begin
  if lint.only_rule is not null and not exists (select from tests.lint_rules() r where r = lint.only_rule) then
    raise exception 'there is no rule "%"', lint.only_rule;
  end if;
  for v_rule in select r from tests.lint_rules() r where lint.only_rule is null or r = lint.only_rule loop
    return query execute format(
      $q$
        with found as materialized (select f.object::text, f.problem::text from tests.%I() f)
        select %L::text, f.object, f.problem from found f
        where not exists (
          select from tests.lint_exceptions e where e.rule = %L and e.object = f.object
        )
        union all
        select %L::text, e.object, 'is a declared exception that excuses nothing any more'
        from tests.lint_exceptions e
        where e.rule = %L and not exists (select from found f where f.object = e.object)
      $q$, 'lint_' || v_rule, v_rule, v_rule, v_rule, v_rule);
  end loop;
end;
$$;

comment on function tests.lint(text) is 'Everything in the catalog that breaks a rule, by rule; one rule when named.';
