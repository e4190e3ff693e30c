-- Who is granted what: read from the catalog, and decided in the files of db/tests/rls/<area>. FND-05.

create or replace function tests.column_list(is_all boolean, columns text[]) returns text
language sql immutable
as $$ select case when is_all then '*' else coalesce(array_to_string(columns, ' '), '-') end $$;

-- Everybody who connects or whom somebody becomes; the migrator owns, and needs no grant.
create or replace view tests.judged_roles as
select oid, rolname::text as role_name from pg_roles
where rolname in ('app_authenticator', 'app_anonymous', 'app_member', 'app_link', 'app_worker', 'app_telemetry', 'app_analyst',
                  'app_engine');

-- Which columns each role has a grant on: "*", "-", or their names.
create or replace function tests.granted_columns(only_table text default null)
returns table (table_name text, role_name text, may_select text, may_insert text, may_update text, may_delete text)
language sql stable
as $$
  select t.name, r.role_name, g.may_select, g.may_insert, g.may_update,
         case when has_table_privilege(r.oid, t.oid, 'delete') then '*' else '-' end
  from tests.app_tables t
  cross join tests.judged_roles r
  cross join lateral (
    select
      tests.column_list(count(*) filter (where s) = count(*), array_agg(attname order by attnum) filter (where s)),
      tests.column_list(count(*) filter (where i) = count(*), array_agg(attname order by attnum) filter (where i)),
      tests.column_list(count(*) filter (where u) = count(*), array_agg(attname order by attnum) filter (where u))
    from (
      select c.attname::text, c.attnum, has_column_privilege(r.oid, t.oid, c.attnum, 'select') as s,
             has_column_privilege(r.oid, t.oid, c.attnum, 'insert') as i,
             has_column_privilege(r.oid, t.oid, c.attnum, 'update') as u
      from tests.app_columns c where c.table_oid = t.oid
    ) as has
  ) as g (may_select, may_insert, may_update)
  where (only_table is null or t.name = only_table)
    and (g.may_select, g.may_insert, g.may_update) is distinct from ('-', '-', '-')
  order by t.name, r.role_name;
$$;

-- Which roles may call each function, besides its owner and the migrator. Nobody calls a trigger's.
create or replace function tests.granted_functions()
returns table (function_name text, executable_by text)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select f.name, coalesce(string_agg(r.role_name, ' ' order by r.role_name), '-')
  from tests.app_functions f
  left join tests.judged_roles r
    on r.oid <> f.proowner and pg_catalog.has_function_privilege(r.oid, f.oid, 'execute')
  where f.prorettype <> 'trigger'::regtype
  group by f.name order by f.name;
end;
$$;
