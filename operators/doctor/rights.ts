import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** Who could see what they should not: roles, row security, rights of PUBLIC (FND-05, FND-28). */
export const rights: Examination = {
  name: "rights",
  async examine({ authenticator }) {
    const { rows } = await authenticator.query<{ problem: string; mend: string }>(query);
    const others = await authenticator.query<{ problem: string; mend: string }>(otherRoles);
    const findings: Finding[] = [
      ...rows.map(({ problem, mend }) => broken(problem, mend)),
      ...others.rows.map(({ problem, mend }) => warning(problem, mend)),
    ];
    return findings.length > 0
      ? findings
      : [ok("roles, row security and grants are as the migrations made them")];
  },
};

// Reads the catalog, which every role may; names of ours only.
const query = `
with ours as (
  select oid from pg_catalog.pg_namespace
  where nspname in ('app_public', 'app_hidden', 'app_private', 'app_telemetry', 'audit', 'analytics')
),
expected (role, may_log_in) as (values
  ('app_owner', true), ('app_authenticator', true), ('app_worker', true), ('app_telemetry', true),
  ('app_anonymous', false), ('app_member', false), ('app_link', false), ('app_analyst', false), ('app_engine', false)
)
select format('role %s is missing', e.role) as problem,
       'Run npm run migrate as an administrator: db/migrations/roles.sql makes it.' as mend
from expected e where not exists (select from pg_catalog.pg_roles r where r.rolname = e.role)
union all
select format('role %s %s', r.rolname, wrong.what), format('alter role %s %s', r.rolname, wrong.mend)
from pg_catalog.pg_roles r
join expected e on e.role = r.rolname
cross join lateral (values
  (r.rolsuper, 'is a superuser: row security means nothing to it', 'nosuperuser'),
  (r.rolbypassrls, 'bypasses row security', 'nobypassrls'),
  (r.rolcreaterole, 'may make roles', 'nocreaterole'),
  (r.rolreplication, 'may replicate, which reads everything', 'noreplication'),
  (r.rolinherit, 'inherits: rights would not wait for set role', 'noinherit'),
  (r.rolcanlogin and not e.may_log_in, 'may log in', 'nologin')
) as wrong (is_so, what, mend)
where wrong.is_so
union all
select format('role %s may become %s', member.rolname, target.rolname), format('revoke %s from %s', target.rolname, member.rolname)
from pg_catalog.pg_auth_members m
join pg_catalog.pg_roles member on member.oid = m.member
join pg_catalog.pg_roles target on target.oid = m.roleid
where member.rolname in (select role from expected)
  and (member.rolname, target.rolname) not in (
    ('app_authenticator', 'app_anonymous'), ('app_authenticator', 'app_member'), ('app_authenticator', 'app_link'),
    ('app_owner', 'app_engine'))
union all
select format('%s has no forced row security', c.oid::regclass),
       format('alter table %s enable row level security; alter table %s force row level security', c.oid::regclass, c.oid::regclass)
from pg_catalog.pg_class c
where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p')
  and not (c.relrowsecurity and c.relforcerowsecurity)
union all
select format('%s belongs to %s', c.oid::regclass, c.relowner::regrole), format('alter table %s owner to app_owner', c.oid::regclass)
from pg_catalog.pg_class c
where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p') and c.relowner::regrole::text <> 'app_owner'
union all
select format('PUBLIC may execute %s', p.oid::regprocedure), format('revoke execute on function %s from public', p.oid::regprocedure)
from pg_catalog.pg_proc p
cross join pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) acl
where p.pronamespace in (select oid from ours) and acl.grantee = 0
union all
select format('PUBLIC has %s on %s', acl.privilege_type, c.oid::regclass), format('revoke all on %s from public', c.oid::regclass)
from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) acl
where c.relnamespace in (select oid from ours) and acl.grantee = 0`;

// Roles of the operator's own that row security does not hold, or that it shows nothing without a word.
const otherRoles = `
select format('role %s reads with pg_read_all_data, and row security shows it no row', r.rolname) as problem,
       format('revoke pg_read_all_data from %s; grant app_analyst to it, or take backups as app_backup', r.rolname) as mend
from pg_catalog.pg_roles r
where not r.rolsuper and not r.rolbypassrls and r.rolname !~ '^pg_'
  and pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'usage')
union all
select format('role %s passes row security by', r.rolname),
       format('alter role %s nobypassrls; for backups there is app_backup', r.rolname)
from pg_catalog.pg_roles r
where r.rolbypassrls and not r.rolsuper and r.rolname !~ '^(pg_|app_)'
union all
select format('role app_backup %s', wrong.what), format('alter role app_backup %s', wrong.mend)
from pg_catalog.pg_roles r
cross join lateral (values
  (r.rolsuper, 'is a superuser', 'nosuperuser'),
  (r.rolcreaterole, 'may make roles', 'nocreaterole'),
  (not r.rolbypassrls, 'does not pass row security by: its backups hold no rows', 'bypassrls')
) as wrong (is_so, what, mend)
where r.rolname = 'app_backup' and wrong.is_so`;
