import type pg from "pg";
import { bodyMutantsOf } from "./body_mutants.ts";
import { classMutants } from "./class_mutants.ts";
import type { Mutant } from "./mutant.ts";

export type { Mutant } from "./mutant.ts";

/**
 * Everything that can be broken in this catalog, one thing at a time. FND-05, FND-06, FND-10, FND-12.
 * Generated, so that a new table, policy, key or function brings its mutants with it.
 */
export async function mutantsOf(client: pg.ClientBase): Promise<Mutant[]> {
  const { rows } = await client.query<Mutant>(`${rightsMutants} union all ${classMutants} order by 1, 2`);
  return [
    ...rows.map((row) => ({ ...row, table: row.table ?? undefined })),
    ...(await bodyMutantsOf(client)),
  ];
}

/** So many tests may be asked about a mutant of the sample; where a kind has none such, as few as there are. */
const fewTests = 4;

/** The same few every time: from each kind the ones whose names hash lowest, of those about which few tests are asked. */
export function sampleOf(
  mutants: Mutant[],
  perKind: number,
  testsAbout: (mutant: Mutant) => number,
): Mutant[] {
  const kinds = Map.groupBy(mutants, (mutant) => mutant.kind);
  const price = new Map(mutants.map((mutant) => [mutant, Math.max(fewTests, testsAbout(mutant))]));
  const priceOf = (mutant: Mutant) => price.get(mutant) ?? fewTests;
  return [...kinds.values()].flatMap((alike) =>
    alike.toSorted((a, b) => priceOf(a) - priceOf(b) || hash(a.object) - hash(b.object)).slice(0, perKind),
  );
}

function hash(text: string): number {
  let value = 17;
  for (const character of text) value = (value * 31 + character.charCodeAt(0)) >>> 0;
  return value;
}

const rightsMutants = `
select 'drop a policy' as kind, p.name as object, p.table_name as "table",
       format('drop policy %I on %s', p.polname, p.table_name) as sql
from tests.app_policies p

union all
select 'open a policy', p.name, p.table_name,
       format('alter policy %I on %s%s%s', p.polname, p.table_name,
              case when p.command <> 'insert' then ' using (true)' end,
              case when p.command in ('insert', 'update', 'all') then ' with check (true)' end)
from tests.app_policies p
where coalesce(p.using_text, 'true') <> 'true' or coalesce(p.check_text, 'true') <> 'true'

union all
select 'open what an update may leave behind', p.name, p.table_name,
       format('alter policy %I on %s with check (true)', p.polname, p.table_name)
from tests.app_policies p
where p.command in ('update', 'all') and p.check_text <> 'true'

union all
select 'take away WITH CHECK', p.name, p.table_name,
       format('drop policy %1$I on %2$s; create policy %1$I on %2$s for %3$s to %4$s using (%5$s)', p.polname, p.table_name,
              p.command, array_to_string(p.roles, ', '), p.using_text)
from tests.app_policies p
where p.command in ('update', 'all') and p.check_text is not null

union all
select 'give a policy to visitors', p.name, p.table_name,
       format('alter policy %I on %s to %s, app_anonymous; grant %s on %2$s to app_anonymous', p.polname, p.table_name,
              array_to_string(p.roles, ', '), case p.command when 'all' then 'select' else p.command end)
from tests.app_policies p
where not p.roles && '{app_anonymous}' and p.roles && '{app_member}'

union all
select 'do not force row security', t.name, t.name, format('alter table %s no force row level security', t.name)
from tests.app_tables t

union all
select 'turn row security off', t.name, t.name, format('alter table %s disable row level security', t.name)
from tests.app_tables t

union all
select 'reference by id alone', fk.name, fk.child,
       format('alter table %1$s drop constraint %2$I; alter table %1$s add foreign key (%3$s) references %4$s (id)', fk.child,
              (select conname from pg_constraint where conrelid = fk.conrelid and fk.name like '%(' || conname || ')'),
              array_to_string(array_remove(fk.columns, 'organization_id'), ', '), fk.parent)
from tests.app_foreign_keys fk
where 'organization_id' = any (fk.columns) and cardinality(fk.columns) = 2 and fk.parent_columns = '{organization_id,id}'

union all
select 'drop a foreign key', fk.name, fk.child,
       format('alter table %s drop constraint %I', fk.child,
              (select conname from pg_constraint where conrelid = fk.conrelid and fk.name like '%(' || conname || ')'))
from tests.app_foreign_keys fk
where 'organization_id' = any (fk.columns)
  -- The clinic exists already if something that always is there exists in it.
  and not (fk.columns = '{organization_id}' and exists (
    select from tests.app_foreign_keys other
    where other.conrelid = fk.conrelid and cardinality(other.columns) > 1 and 'organization_id' = any (other.columns)
      and not exists (
        select from tests.app_columns c
        where c.table_oid = fk.conrelid and c.attname = any (other.columns) and not c.attnotnull)))

union all
select 'let the clinic be null', t.name, t.name, format('alter table %s alter column organization_id drop not null', t.name)
from tests.tenant_tables t
where t.always and not exists (
  select from tests.app_indexes i where i.indrelid = t.oid and i.indisprimary and 'organization_id' = any (i.columns))

union all
select 'drop a key', i.name, i.indrelid::regclass::text,
       case when con.oid is not null then format('alter table %s drop constraint %I cascade', i.indrelid::regclass, con.conname)
            else format('drop index %s', i.name) end
from tests.app_indexes i
left join pg_constraint con on con.conindid = i.name::regclass and con.contype in ('p', 'u', 'x')
where i.indisunique or i.indisexclusion

union all
select 'drop an index under a foreign key', i.name, i.indrelid::regclass::text, format('drop index %s', i.name)
from tests.app_indexes i
where not (i.indisunique or i.indisexclusion) and i.indpred is null
  and exists (
    select from tests.app_foreign_keys fk
    where fk.conrelid = i.indrelid and i.columns[1:cardinality(fk.columns)] @> fk.columns
      and not exists (
        select from tests.app_indexes other
        where other.indrelid = i.indrelid and other.name <> i.name
          and (other.indpred is null
               or exists (select from unnest(fk.columns) c where other.predicate = format('(%I IS NOT NULL)', c)))
          and other.columns[1:cardinality(fk.columns)] @> fk.columns))

union all
select 'take a grant away', g.table_name || ' from ' || g.role_name, g.table_name,
       format('revoke all on %s from %s', g.table_name, g.role_name)
from tests.granted_columns() g

union all
select 'grant a command', t.name || ': ' || command || ' to ' || role, t.name, format('grant %s on %s to %s', command, t.name, role)
from tests.app_tables t
cross join unnest('{select,insert,update,delete}'::text[]) command
cross join unnest('{app_anonymous,app_member}'::text[]) role
where not has_table_privilege(role, t.oid, command)

union all
select distinct on (c.table_name, command) 'grant a column', c.name || ': ' || command || ' to app_member', c.table_name,
       format('grant %s (%I) on %s to app_member', command, c.attname, c.table_name)
from tests.app_columns c
cross join unnest('{select,insert,update}'::text[]) command
where not has_column_privilege('app_member', c.table_oid, c.attnum, command)
  and has_any_column_privilege('app_member', c.table_oid, 'select')

union all
select 'let everybody call it', f.name, null, format('grant execute on function %s to public', f.name)
from tests.app_functions f

union all
select 'unpin the search path', f.name, null, format('alter function %s reset search_path', f.name)
from tests.app_functions f
where f.prosecdef

union all
select 'run as the migrator', f.name, null, format('alter function %s owner to app_owner', f.name)
from tests.app_functions f
where f.prosecdef and f.proowner <> 'app_owner'::regrole

union all
select 'run as the caller', f.name, null, format('alter function %s security invoker', f.name)
from tests.app_functions f
where f.prosecdef

union all
select 'run as the engine', f.name, null,
       format('alter function %s owner to app_engine; alter function %1$s security definer', f.name)
from tests.app_functions f
where not f.prosecdef

union all
select 'claim to be leakproof', f.name, null, format('alter function %s leakproof', f.name)
from tests.app_functions f
where f.prosecdef and f.pronargs > 0

union all
select 'drop a trigger', t.name || ' ' || tg.tgname, t.name, format('drop trigger %I on %s', tg.tgname, t.name)
from pg_trigger tg
join tests.app_tables t on t.oid = tg.tgrelid
where not tg.tgisinternal

union all
select 'switch a trigger off', t.name || ' ' || tg.tgname, t.name, format('alter table %s disable trigger %I', t.name, tg.tgname)
from pg_trigger tg
join tests.app_tables t on t.oid = tg.tgrelid
where not tg.tgisinternal

union all
select 'show rows past the policies', t.name, t.name,
       format('create view app_public.window_on_%s as select * from %s; comment on view app_public.window_on_%1$s is ''x''; '
              || 'alter view app_public.window_on_%1$s owner to app_owner; grant select on app_public.window_on_%1$s to app_member', t.relname, t.name)
from tests.app_tables t
where t.nspname = 'app_public'

union all
select 'give a role power', role || ' ' || attribute, null, format('alter role %s %s', role, attribute)
from unnest('{app_member,app_anonymous,app_worker,app_authenticator,app_engine}'::text[]) role
cross join unnest('{bypassrls,superuser,createrole}'::text[]) attribute

union all
select 'let a role become another', role || ' becomes ' || other, null, format('grant %s to %s', other, role)
from (values ('app_member', 'app_engine'), ('app_authenticator', 'app_engine'), ('app_worker', 'app_owner'),
             ('app_engine', 'app_member'), ('app_anonymous', 'app_member')) as pair (role, other)

union all
select 'give a table away', t.name, t.name, format('alter table %s owner to app_engine', t.name)
from tests.app_tables t
where t.nspname = 'app_public' and t.name not in (select name from tests.platform_tables)

union all
select 'open a schema', n.nspname, null, format('grant create on schema %I to public', n.nspname)
from pg_namespace n
where n.oid = any (tests.app_schemas()) or n.nspname = 'public'
`;
