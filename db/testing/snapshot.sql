-- The catalog as text: one row per fact, the same on every machine. Read by db/testing/snapshot_text.ts, which sets the
-- session up, groups and indents.
--   schema, name   the file of db/snapshot that tells it; without a schema one file holds all of a kind
--   kind, object   the heading it stands under
--   section        the part of the object: columns, policies, …; null for what stands directly below the heading
--   position       the order where one has a meaning; otherwise facts are sorted
-- $1: the classes of columns and tables, [{table_name, column_name, says}], as app_private.classify() wrote them.
-- Role attributes and memberships are the cluster's, as db/migrations/roles.sql makes them.
with
-- graphile-worker's tables are its own (theirs); what we let others do with them is ours.
ours as (
  select oid, nspname as name, nspname = 'graphile_worker' as theirs
  from pg_catalog.pg_namespace
  where nspname in ('audit', 'analytics', 'extensions', 'graphile_worker') or nspname like 'app\_%'
),
-- Extensions bring hundreds of functions of their own; the line of the extension stands for them.
from_extensions as (
  select classid, objid from pg_catalog.pg_depend where deptype = 'e'
),
classes as (
  select * from jsonb_to_recordset($1::jsonb) as c (table_name text, column_name text, says text)
),
relations as (
  select c.*, ours.name as schema, ours.theirs, format('%I.%I', ours.name, c.relname) as full_name, k.kind
  from pg_catalog.pg_class c
  join ours on ours.oid = c.relnamespace
  join (values ('r', 'table'), ('p', 'table'), ('v', 'view'), ('m', 'materialized view'), ('S', 'sequence'), ('f', 'foreign table'))
    as k (relkind, kind) on k.relkind = c.relkind::text
  where not exists (
    select from from_extensions e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid
  )
),
functions as (
  select
    p.*, ours.name as schema,
    format('%I.%I(%s)', ours.name, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as full_name
  from pg_catalog.pg_proc p
  join ours on ours.oid = p.pronamespace and not ours.theirs
  where not exists (
    select from from_extensions e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid
  )
),
types as (
  select t.*, ours.name as schema, format('%I.%I', ours.name, t.typname) as full_name
  from pg_catalog.pg_type t
  join ours on ours.oid = t.typnamespace and not ours.theirs
  where t.typtype in ('e', 'd', 'c', 'r')
    and (t.typrelid = 0 or (select relkind = 'c' from pg_catalog.pg_class c where c.oid = t.typrelid))
    and not exists (
      select from from_extensions e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid
    )
),
-- Whatever has rights of its own, with its list and the owner, who needs none.
with_rights (schema, name, kind, object, owner, acl) as (
  select null, nspname, 'schema', nspname::text, nspowner, nspacl from pg_catalog.pg_namespace n join ours on ours.oid = n.oid
  union all
  select schema, typname, 'type', full_name, typowner, typacl from types
  union all
  select schema, relname, kind, full_name, relowner, relacl from relations
  union all
  select schema, proname, 'function', full_name, proowner, coalesce(proacl, pg_catalog.acldefault('f', proowner)) from functions
),
comments (schema, name, kind, object, class, oid) as (
  select null::name, name, 'schema', name::text, 'pg_namespace', oid from ours where not theirs
  union all
  select schema, typname, 'type', full_name, 'pg_type', oid from types
  union all
  select schema, relname, kind, full_name, 'pg_class', oid from relations where not theirs
  union all
  select schema, proname, 'function', full_name, 'pg_proc', oid from functions
),
facts (schema, name, kind, object, section, position, fact) as (
  -- roles
  select null::name, rolname, 'role', rolname::text, null, 1, concat_ws(' ',
    case when rolcanlogin then 'login' else 'nologin' end,
    case when rolinherit then 'inherit' else 'noinherit' end,
    case when rolsuper then 'superuser' end,
    case when rolbypassrls then 'bypassrls' end,
    case when rolcreaterole then 'createrole' end,
    case when rolcreatedb then 'createdb' end,
    (select string_agg('set ' || s, ' ' order by s collate "C") from unnest(rolconfig) s))
  from pg_catalog.pg_roles where rolname like 'app\_%'
  union all
  select null, member.rolname, 'role', member.rolname, null, 2, format('is granted %s with inherit %s, set %s, admin %s',
    role.rolname, m.inherit_option, m.set_option, m.admin_option)
  from pg_catalog.pg_auth_members m
  join pg_catalog.pg_roles role on role.oid = m.roleid
  join pg_catalog.pg_roles member on member.oid = m.member
  where role.rolname like 'app\_%' and member.rolname like 'app\_%'

  -- extensions
  union all
  select null, e.extname, 'extension', e.extname, null, 1, format('in schema %s', n.nspname)
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace

  -- schemas
  union all
  select null, n.nspname, 'schema', n.nspname, null, 1, format('owner %s', pg_catalog.pg_get_userbyid(n.nspowner))
  from pg_catalog.pg_namespace n join ours on ours.oid = n.oid

  -- default privileges
  union all
  select null, pg_catalog.pg_get_userbyid(d.defaclrole), 'default privileges', pg_catalog.pg_get_userbyid(d.defaclrole), null, 1,
    format('%s%s: %s',
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end,
      coalesce(' in ' || n.nspname, ''),
      (select string_agg(format('%s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public')), ', '
                         order by r.rolname, a.privilege_type collate "C")
       from pg_catalog.aclexplode(d.defaclacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee))
  from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
  where pg_catalog.pg_get_userbyid(d.defaclrole) like 'app\_%'

  -- comments and rights, whatever they are on
  union all
  select schema, name, kind, object, null, 0, '-- ' || pg_catalog.obj_description(oid, class) from comments
  union all
  select schema, name, kind, object, 'grants', 700, format('%s: %s%s', coalesce(r.rolname, 'public'),
    string_agg(lower(a.privilege_type), ', ' order by a.privilege_type collate "C"),
    case when a.is_grantable then ' with grant option' else '' end)
  from with_rights cross join lateral pg_catalog.aclexplode(acl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  where a.grantee <> owner
  group by schema, name, kind, object, r.rolname, a.is_grantable

  -- types
  union all
  select schema, typname, 'type', full_name, null, 1, concat_ws(' ', 'owner', pg_catalog.pg_get_userbyid(typowner), 'as',
    case typtype
      when 'e' then (select format('enum (%s)', string_agg(quote_literal(enumlabel), ', ' order by enumsortorder))
                     from pg_catalog.pg_enum where enumtypid = types.oid)
      when 'd' then concat_ws(' ', 'domain of', pg_catalog.format_type(typbasetype, typtypmod),
        case when typnotnull then 'not null' end, 'default ' || typdefault,
        (select string_agg(conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid), ' ' order by conname)
         from pg_catalog.pg_constraint c where c.contypid = types.oid and c.contype = 'c'))
      when 'r' then 'range'
      else (select format(e'(\n%s)', string_agg(format('%I %s', attname, pg_catalog.format_type(atttypid, atttypmod)), e',\n' order by attnum))
            from pg_catalog.pg_attribute where attrelid = types.typrelid and attnum > 0 and not attisdropped)
    end)
  from types

  -- tables, views, sequences
  union all
  select schema, relname, kind, full_name, null, 1, concat_ws(', ',
    'owner ' || pg_catalog.pg_get_userbyid(relowner),
    case when relrowsecurity then 'row security' end,
    case when relforcerowsecurity then 'forced' end,
    case when relpersistence = 'u' then 'unlogged' end,
    'partition key ' || pg_catalog.pg_get_partkeydef(relations.oid),
    case when relispartition then 'partition ' || pg_catalog.pg_get_expr(relpartbound, relations.oid) end,
    'with ' || array_to_string(reloptions, ' '))
  from relations where not theirs
  union all
  select schema, relname, kind, full_name, null, 2, says
  from relations join classes on table_name = full_name and column_name is null
  union all
  select schema, relname, kind, full_name, 'columns', 100 + row_number() over (partition by relations.oid order by a.attnum)::int,
    concat_ws(' ', format('%I', a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
      case when a.attcollation <> t.typcollation then 'collate ' || (select collname from pg_catalog.pg_collation where oid = a.attcollation) end,
      case when a.attnotnull then 'not null' end,
      case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated by default as identity' end,
      case when a.attgenerated <> '' then format('generated always as (%s) %s', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
          case a.attgenerated when 's' then 'stored' else 'virtual' end)
        else 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
      '[' || classes.says || ']',
      '-- ' || replace(pg_catalog.col_description(relations.oid, a.attnum), e'\n', ' '))
  from relations
  join pg_catalog.pg_attribute a on a.attrelid = relations.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join classes on classes.table_name = full_name and classes.column_name = a.attname
  where kind in ('table', 'view', 'materialized view') and not theirs
  union all
  select schema, relname, kind, full_name, 'as', 200, pg_catalog.pg_get_viewdef(relations.oid, 0)
  from relations where kind in ('view', 'materialized view')
  union all
  -- `not null` is told with the column
  select schema, relname, kind, full_name, 'constraints', 300 + strpos('puxfc', c.contype::text), concat(c.conname, ' ',
    pg_catalog.pg_get_constraintdef(c.oid), case when not c.convalidated and c.contype in ('f', 'c') then ' (not validated)' end,
    e'\n-- ' || pg_catalog.obj_description(c.oid, 'pg_constraint'))
  from relations join pg_catalog.pg_constraint c on c.conrelid = relations.oid
  where c.contype in ('p', 'u', 'c', 'f', 'x') and not theirs
  union all
  select schema, relname, kind, full_name, 'indexes', 400, concat(
    regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX (\S+) ON (?:ONLY )?\S+ USING ', '\2 \1'),
    case when not i.indisvalid then ' (invalid)' end, e'\n-- ' || pg_catalog.obj_description(i.indexrelid, 'pg_class'))
  from pg_catalog.pg_index i
  join relations on relations.oid = i.indrelid and not theirs
  where not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
  union all
  select schema, relname, kind, full_name, 'triggers', 500, concat(
    regexp_replace(replace(pg_catalog.pg_get_triggerdef(t.oid), ' ON ' || full_name || ' ', ' '), '^CREATE (CONSTRAINT )?TRIGGER (\S+) ', '\2 \1'),
    case t.tgenabled when 'O' then '' when 'D' then ' (disabled)' else format(' (%s)', t.tgenabled) end,
    e'\n-- ' || pg_catalog.obj_description(t.oid, 'pg_trigger'))
  from relations join pg_catalog.pg_trigger t on t.tgrelid = relations.oid and not t.tgisinternal
  where not theirs
  union all
  select schema, relname, kind, full_name, 'policies', 600, concat(
    concat_ws(' ', format('%I', p.polname), case when not p.polpermissive then 'restrictive' end,
      'for', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      'to', (select string_agg(coalesce(r.rolname, 'public'), ', ' order by r.rolname)
             from unnest(p.polroles) u (oid) left join pg_catalog.pg_roles r on r.oid = u.oid)),
    e'\nusing (' || regexp_replace(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') || ')',
    e'\nwith check (' || regexp_replace(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g') || ')',
    e'\n-- ' || pg_catalog.obj_description(p.oid, 'pg_policy'))
  from relations join pg_catalog.pg_policy p on p.polrelid = relations.oid
  union all
  select schema, relname, kind, full_name, 'grants', 701, format('%s: %s (%s)%s', coalesce(r.rolname, 'public'),
      lower(a.privilege_type), string_agg(format('%I', c.attname), ', ' order by c.attnum),
      case when a.is_grantable then ' with grant option' else '' end)
  from relations
  join pg_catalog.pg_attribute c on c.attrelid = relations.oid and not c.attisdropped
  cross join lateral pg_catalog.aclexplode(c.attacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
  group by schema, relname, kind, full_name, a.privilege_type, r.rolname, a.is_grantable

  -- functions
  union all
  select schema, proname, 'function', full_name, null, 1, concat_ws(' ',
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
  select schema, proname, 'function', full_name, null, 2, format('arguments (%s)', pg_catalog.pg_get_function_arguments(functions.oid))
  from functions where pronargs > 0 or proallargtypes is not null
  union all
  select schema, proname, 'function', full_name, null, 3, 'set ' || setting
  from functions cross join lateral unnest(proconfig) setting
  union all
  select schema, proname, 'function', full_name, null, 4, 'body sha256 ' || encode(sha256(convert_to(coalesce(pg_catalog.pg_get_function_sqlbody(functions.oid), prosrc), 'UTF8')), 'hex')
  from functions
)
select schema, name, kind, object, section, fact
from facts
where fact <> ''
order by schema, name, kind collate "C", object collate "C", coalesce(position, 0), fact collate "C";
