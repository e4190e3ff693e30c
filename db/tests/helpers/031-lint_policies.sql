-- The catalog lint, policies: who sees and writes which rows. FND-05.

create or replace function tests.lint_row_security() returns table (object text, problem text)
language sql stable as $$
  select t.name, case when not t.relrowsecurity then 'row level security is off' else 'row level security is not forced' end
  from tests.app_tables t
  where not t.relrowsecurity or not t.relforcerowsecurity;
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
