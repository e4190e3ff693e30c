-- The catalog as text: one line per fact, the same on every machine. Read by db/testing/snapshot.ts, which
-- sorts and groups. `object` is the heading, `position` keeps the order that has a meaning (columns).
-- Role attributes and memberships are the cluster's, as db/migrations/roles.sql makes them.
with
ours as (
  select oid, nspname as name
  from pg_catalog.pg_namespace
  where nspname in ('app_public', 'app_hidden', 'app_private', 'audit', 'analytics', 'extensions')
     or (nspname like 'app\_%')
),
-- Extensions bring hundreds of functions of their own; the line of the extension stands for them.
from_extensions as (
  select classid, objid from pg_catalog.pg_depend where deptype = 'e'
),
relations as (
  select c.*, ours.name as schema, format('%I.%I', ours.name, c.relname) as full_name
  from pg_catalog.pg_class c
  join ours on ours.oid = c.relnamespace
  where not exists (
    select from from_extensions e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid
  )
),
functions as (
  select
    p.*,
    format('%I.%I(%s)', ours.name, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as full_name
  from pg_catalog.pg_proc p
  join ours on ours.oid = p.pronamespace
  where not exists (
    select from from_extensions e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid
  )
),
types as (
  select t.*, format('%I.%I', ours.name, t.typname) as full_name
  from pg_catalog.pg_type t
  join ours on ours.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'c', 'r')
    and (t.typrelid = 0 or (select relkind = 'c' from pg_catalog.pg_class c where c.oid = t.typrelid))
    and not exists (
      select from from_extensions e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid
    )
),
facts (kind, object, position, fact) as (
  -- roles
  select 'role', rolname::text, 1, concat_ws(' ',
    case when rolcanlogin then 'login' else 'nologin' end,
    case when rolinherit then 'inherit' else 'noinherit' end,
    case when rolsuper then 'superuser' end,
    case when rolbypassrls then 'bypassrls' end,
    case when rolcreaterole then 'createrole' end,
    case when rolcreatedb then 'createdb' end,
    (select string_agg('set ' || s, ' ' order by s) from unnest(rolconfig) s))
  from pg_catalog.pg_roles where rolname like 'app\_%'
  union all
  select 'role', member.rolname, 2, format('is granted %s with inherit %s, set %s, admin %s',
    role.rolname, m.inherit_option, m.set_option, m.admin_option)
  from pg_catalog.pg_auth_members m
  join pg_catalog.pg_roles role on role.oid = m.roleid
  join pg_catalog.pg_roles member on member.oid = m.member
  where role.rolname like 'app\_%' and member.rolname like 'app\_%'

  -- extensions
  union all
  select 'extension', e.extname, 1, format('in schema %s', n.nspname)
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace

  -- schemas
  union all
  select 'schema', n.nspname, 1, format('owner %s', pg_catalog.pg_get_userbyid(n.nspowner))
  from pg_catalog.pg_namespace n join ours on ours.oid = n.oid
  union all
  select 'schema', n.nspname, 2, format('grant %s to %s', string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
    coalesce(r.rolname, 'public'))
  from pg_catalog.pg_namespace n
  join ours on ours.oid = n.oid
  cross join lateral pg_catalog.aclexplode(n.nspacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> n.nspowner
  group by n.nspname, r.rolname
  union all
  select 'schema', ours.name, 3, format('comment %L', d.description)
  from ours join pg_catalog.pg_description d on d.objoid = ours.oid and d.classoid = 'pg_catalog.pg_namespace'::regclass

  -- default privileges
  union all
  select 'default privileges', pg_catalog.pg_get_userbyid(d.defaclrole), 1,
    format('%s%s: %s',
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end,
      coalesce(' in ' || n.nspname, ''),
      (select string_agg(format('%s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public')), ', ' order by r.rolname, a.privilege_type)
       from pg_catalog.aclexplode(d.defaclacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee))
  from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
  where pg_catalog.pg_get_userbyid(d.defaclrole) like 'app\_%'

  -- types
  union all
  select 'type', full_name, 1, concat_ws(' ', 'owner', pg_catalog.pg_get_userbyid(typowner), 'as',
    case typtype
      when 'e' then (select format('enum (%s)', string_agg(quote_literal(enumlabel), ', ' order by enumsortorder))
                     from pg_catalog.pg_enum where enumtypid = types.oid)
      when 'd' then concat_ws(' ', 'domain of', pg_catalog.format_type(typbasetype, typtypmod),
        case when typnotnull then 'not null' end, 'default ' || typdefault,
        (select string_agg(conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid), ' ' order by conname)
         from pg_catalog.pg_constraint c where c.contypid = types.oid and c.contype = 'c'))
      when 'r' then 'range'
      else (select format('(%s)', string_agg(format('%I %s', attname, pg_catalog.format_type(atttypid, atttypmod)), ', ' order by attnum))
            from pg_catalog.pg_attribute where attrelid = types.typrelid and attnum > 0 and not attisdropped)
    end)
  from types
  union all
  select 'type', full_name, 2, format('grant usage to %s', coalesce(r.rolname, 'public'))
  from types cross join lateral pg_catalog.aclexplode(typacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> typowner
  union all
  select 'type', full_name, 3, format('comment %L', d.description)
  from types join pg_catalog.pg_description d on d.objoid = types.oid and d.classoid = 'pg_catalog.pg_type'::regclass

  -- tables, views, sequences
  union all
  select k.kind, full_name, 1, concat_ws(', ',
    'owner ' || pg_catalog.pg_get_userbyid(relowner),
    case when relrowsecurity then 'row security' end,
    case when relforcerowsecurity then 'forced' end,
    case when relpersistence = 'u' then 'unlogged' end,
    'partition key ' || pg_catalog.pg_get_partkeydef(relations.oid),
    case when relispartition then 'partition ' || pg_catalog.pg_get_expr(relpartbound, relations.oid) end,
    'with ' || array_to_string(reloptions, ' '))
  from relations
  join (values ('r', 'table'), ('p', 'table'), ('v', 'view'), ('m', 'materialized view'), ('S', 'sequence'), ('f', 'foreign table'))
    as k (relkind, kind) on k.relkind = relations.relkind::text
  union all
  select case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
    full_name, 100 + row_number() over (partition by relations.oid order by a.attnum)::int,
    concat_ws(' ', format('%I', a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
      case when a.attcollation <> t.typcollation then 'collate ' || (select collname from pg_catalog.pg_collation where oid = a.attcollation) end,
      case when a.attnotnull then 'not null' end,
      case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated by default as identity' end,
      case when a.attgenerated <> '' then format('generated always as (%s) %s', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
          case a.attgenerated when 's' then 'stored' else 'virtual' end)
        else 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
      '-- ' || replace(pg_catalog.col_description(relations.oid, a.attnum), e'\n', ' '))
  from relations
  join pg_catalog.pg_attribute a on a.attrelid = relations.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where relkind in ('r', 'p', 'v', 'm')
  union all
  select case relkind when 'v' then 'view' else 'materialized view' end, full_name, 2000,
    'as ' || regexp_replace(pg_catalog.pg_get_viewdef(relations.oid), '\s+', ' ', 'g')
  from relations where relkind in ('v', 'm')
  union all
  -- `not null` is told with the column
  select 'table', full_name, 3000, format('constraint %I %s%s', c.conname, pg_catalog.pg_get_constraintdef(c.oid),
    case when not c.convalidated and c.contype in ('f', 'c') then ' (not validated)' else '' end)
  from relations join pg_catalog.pg_constraint c on c.conrelid = relations.oid
  where c.contype in ('p', 'u', 'c', 'f', 'x')
  union all
  select 'table', t.full_name, 4000, regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^CREATE ', '')
    || case when i.indisvalid then '' else ' (invalid)' end
  from pg_catalog.pg_index i
  join relations t on t.oid = i.indrelid
  where not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
  union all
  select 'table', full_name, 5000, regexp_replace(pg_catalog.pg_get_triggerdef(t.oid), '^CREATE ', '')
    || case t.tgenabled when 'O' then '' when 'D' then ' (disabled)' else format(' (%s)', t.tgenabled) end
  from relations join pg_catalog.pg_trigger t on t.tgrelid = relations.oid and not t.tgisinternal
  union all
  select 'table', full_name, 6000, concat_ws(' ', 'policy', format('%I', p.polname),
    case when p.polpermissive then null else 'restrictive' end,
    'for', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    'to', (select string_agg(coalesce(r.rolname, 'public'), ', ' order by r.rolname)
           from unnest(p.polroles) u (oid) left join pg_catalog.pg_roles r on r.oid = u.oid),
    'using (' || regexp_replace(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') || ')',
    'with check (' || regexp_replace(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g') || ')')
  from relations join pg_catalog.pg_policy p on p.polrelid = relations.oid
  union all
  select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
    full_name, 7000, format('grant %s to %s%s', string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
      coalesce(r.rolname, 'public'), case when a.is_grantable then ' with grant option' else '' end)
  from relations cross join lateral pg_catalog.aclexplode(relacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> relowner and relkind in ('r', 'p', 'v', 'm', 'S')
  group by relkind, full_name, r.rolname, a.is_grantable
  union all
  select case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
    full_name, 7001, format('grant %s (%s) to %s%s', lower(a.privilege_type),
      string_agg(format('%I', c.attname), ', ' order by c.attnum), coalesce(r.rolname, 'public'),
      case when a.is_grantable then ' with grant option' else '' end)
  from relations
  join pg_catalog.pg_attribute c on c.attrelid = relations.oid and not c.attisdropped
  cross join lateral pg_catalog.aclexplode(c.attacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where relkind in ('r', 'p', 'v', 'm')
  group by relkind, full_name, a.privilege_type, r.rolname, a.is_grantable
  union all
  select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
    full_name, 8000, format('comment %L', d.description)
  from relations join pg_catalog.pg_description d
    on d.objoid = relations.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
  where relkind in ('r', 'p', 'v', 'm', 'S')
  union all
  select 'table', full_name, 8001, format('comment on constraint %I %L', c.conname, d.description)
  from relations join pg_catalog.pg_constraint c on c.conrelid = relations.oid
  join pg_catalog.pg_description d on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_constraint'::regclass

  -- functions
  union all
  select 'function', full_name, 1, concat_ws(' ',
    'returns', pg_catalog.pg_get_function_result(functions.oid),
    'language', l.lanname,
    case provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    case when proisstrict then 'strict' end,
    case when prosecdef then 'security definer' else 'security invoker' end,
    case proparallel when 's' then 'parallel safe' when 'r' then 'parallel restricted' else 'parallel unsafe' end,
    case when proleakproof then 'leakproof' end,
    'owner', pg_catalog.pg_get_userbyid(proowner))
  from functions join pg_catalog.pg_language l on l.oid = prolang
  union all
  select 'function', full_name, 2, format('arguments (%s)', pg_catalog.pg_get_function_arguments(functions.oid))
  from functions where pronargs > 0 or proallargtypes is not null
  union all
  select 'function', full_name, 3, 'set ' || setting
  from functions cross join lateral unnest(proconfig) setting
  union all
  select 'function', full_name, 4, 'body sha256 ' || encode(sha256(convert_to(coalesce(pg_catalog.pg_get_function_sqlbody(functions.oid), prosrc), 'UTF8')), 'hex')
  from functions
  union all
  select 'function', full_name, 5, format('grant execute to %s', coalesce(r.rolname, 'public'))
  from functions cross join lateral pg_catalog.aclexplode(coalesce(proacl, pg_catalog.acldefault('f', proowner))) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> proowner
  union all
  select 'function', full_name, 6, format('comment %L', d.description)
  from functions join pg_catalog.pg_description d on d.objoid = functions.oid and d.classoid = 'pg_catalog.pg_proc'::regclass

  -- graphile-worker's tables are its own; what we let others do with them is ours
  union all
  select 'table', format('%I.%I', n.nspname, c.relname), 6000, concat_ws(' ', 'policy', format('%I', p.polname), 'to',
    (select string_agg(r.rolname, ', ' order by r.rolname) from pg_catalog.pg_roles r where r.oid = any (p.polroles)),
    'using (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
    'with check (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')')
  from pg_catalog.pg_policy p
  join pg_catalog.pg_class c on c.oid = p.polrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'graphile_worker'
  union all
  select 'table', format('%I.%I', n.nspname, c.relname), 7000, format('grant %s to %s',
    string_agg(lower(a.privilege_type), ', ' order by a.privilege_type), coalesce(r.rolname, 'public'))
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'graphile_worker'
  cross join lateral pg_catalog.aclexplode(c.relacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> c.relowner
  group by n.nspname, c.relname, r.rolname
)
select kind, object, fact from facts where fact <> '' order by kind, object collate "C", position, fact collate "C";
