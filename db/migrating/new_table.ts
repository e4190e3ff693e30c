import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { declared, type NewFiles } from "./new_files.ts";

/** A clinic's table: DDL, what it holds and who may do what, and the test of that. */
export function newTable(area: string, name: string, project: string): NewFiles {
  const table = `app_public.${name}`;
  const number = nextNumber(path.join(project, "db", "migrations", "current"));
  const ddl = `db/migrations/current/${number}-${name}.sql`;
  const policies = `db/policies/${area}/${name}.sql`;
  const test = `db/tests/${area}/${name}/who_may_do_what.test.sql`;
  const fixture = fixtureOf(project, area);
  return {
    files: [
      {
        file: ddl,
        text: `-- squawk-ignore ban-drop-table
drop table if exists ${table};
create table ${table} (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ${name}_identity unique (organization_id, id),
  constraint ${name}_name_is_one_line check (name !~ '[[:cntrl:]]')
);
comment on table ${table} is 'TO DECIDE: what a row is.';
`,
      },
      {
        file: policies,
        text: `-- TO DECIDE: who sees and edits ${name.replaceAll("_", " ")}, and which requirements that serves.

select app_private.classify('${table}', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name"],
    "operational": ["created_at", "updated_at"]}');
select app_private.protect('${table}', engine => 'select', facts => '{name name}');

grant select on ${table} to app_member;

create policy ${name}_select_staff on ${table} for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
`,
      },
      ...(fixture
        ? []
        : [
            {
              file: newFixture(area),
              text: `create or replace function tests.furnish_${area}(clinic tests.fixture_clinic) returns void
language plpgsql volatile
as $$
begin
  insert into ${table} (organization_id, name) values (clinic.id, '${name} of ' || clinic.slug);
end;
$$;
`,
            },
          ]),
      {
        file: test,
        text: `-- Test: ${name} - TO DECIDE: who may do what. The requirement's ID.
begin;
select plan(2);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.act_as('adrian');
select results_eq('select name from ${table}', 'select null::text where false', 'staff see their own clinic''s');
select fail('TO DECIDE: what staff, patients, visitors and other clinics may do with ${name}');
select * from finish();
rollback;
`,
      },
    ],
    next: [
      `${ddl}: columns, keys, constraints that read as sentences, comments.`,
      `${policies}: the class of every column, who may do what.`,
      `Names it a patient? In ${policies}, after classify: what a merge does with its rows (app_private.on_merge).`,
      `${fixture ?? newFixture(area)}: a row in either clinic (tests.furnish_${area}).`,
      `Where nothing ever ends a row: app_private.retain(…) below protect, or a line in ${declared(area)}.`,
      "npm run decide -- --write, and read what it says that everybody may do.",
      `${test}: what it promises. Then npm run test:sql -- ${name} lint rls.`,
      `npm run db:commit -- "what it brings", npm run db:snapshot, npm run schema, npm run classes.`,
    ],
  };
}

const fixtures = "db/tests/helpers/fixtures";
const newFixture = (area: string) => `${fixtures}/${area}.sql`;

/** The file that furnishes an area's tables in the two clinics of the tests, if there is one. */
function fixtureOf(project: string, area: string): string | undefined {
  const folder = path.join(project, fixtures);
  const found = existsSync(folder)
    ? readdirSync(folder).find((file) => file.replace(/^\d+-/, "") === `${area}.sql`)
    : undefined;
  return found && `${fixtures}/${found}`;
}

/** Ten above the highest number of a hand-written file. */
function nextNumber(current: string): string {
  const taken = existsSync(current) ? readdirSync(current).map((name) => Number.parseInt(name, 10)) : [];
  const highest = Math.max(0, ...taken.filter((number) => number < 890));
  return String(Math.floor(highest / 10) * 10 + 10).padStart(3, "0");
}
