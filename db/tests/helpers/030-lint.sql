-- The catalog lint: what must hold for every table, function, policy and role of ours, today's and tomorrow's.
-- One function per rule, tests.lint_<rule>(), naming what breaks it and how: in 031 to 036, by topic.
-- tests.lint(rule) takes away the declared exceptions (declared/<area>.sql), and complains about stale ones.

create or replace function tests.app_schemas() returns oid[]
language sql stable
set search_path = ''
as $$
  select array_agg(n.oid) from pg_catalog.pg_namespace n
  where n.nspname in ('app_public', 'app_hidden', 'app_private', 'app_telemetry', 'audit', 'analytics');
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
where c.relkind in ('r', 'p') and n.oid = any (tests.app_schemas())
  -- Partitions come with the calendar; db/tests/audit/open_month says what must hold for each of them.
  and not c.relispartition;

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
