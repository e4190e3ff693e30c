import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withClient } from "../../migrating/prepare.ts";
import { createTestDatabase } from "../../testing/server.ts";
import { problemsOf, readSnapshot, writeSnapshot } from "../../testing/snapshot.ts";
import { difference, type Snapshot, snapshot } from "../../testing/snapshot_text.ts";

test("two databases of the same migrations have the same snapshot, however their sessions are set and in whatever month", async () => {
  const [one, other] = await Promise.all([
    createTestDatabase({ because: "a snapshot is taken of it as migrations left it", bare: true }),
    createTestDatabase({ because: "the same once more, to be compared", bare: true }),
  ]);
  const table =
    "create table app_public.samples (since timestamptz default timestamptz '2026-01-01 00:00+00')";
  for (const { urls } of [one, other]) await withClient(urls.admin, (client) => client.query(table));
  await withClient(other.urls.admin, async (client) => {
    const name = new URL(other.urls.admin).pathname.slice(1);
    await client.query(`alter database ${name} set timezone = 'Asia/Tokyo'`);
    await client.query(`alter database ${name} set datestyle = 'German'`);
    await client.query(`alter database ${name} set search_path = 'app_public', 'extensions'`);
    await client.query(`alter database ${name} set quote_all_identifiers = on`);
    const { rows: months } = await client.query<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent in ('audit.entries'::regclass, 'audit.seals'::regclass)",
    );
    for (const month of months) await client.query(`drop table ${month.name}`);
    await client.query("select audit.open_month('2031-05-15')");
  });
  expect(await snapshot(one.urls.admin)).toEqual(await snapshot(other.urls.admin));
  await Promise.all([one.drop(), other.drop()]);
});

/** A change, the file it shows in, and the lines it shows as. */
type Change = [sql: string, file: string, ...lines: string[]];

const table = "table app_public.samples";
const f = "function app_public.f(a integer)";

const additions: Change[] = [
  [
    "alter table app_public.samples add column age smallint default 1",
    "app_public/samples.txt",
    `+ ${table}: columns: age smallint default 1`,
  ],
  [
    "grant update (name) on app_public.samples to app_member",
    "app_public/samples.txt",
    `+ ${table}: grants: app_member: update (name)`,
  ],
  [
    "grant delete on app_public.samples to app_member",
    "app_public/samples.txt",
    `+ ${table}: grants: app_member: delete`,
  ],
  [
    "create policy p on app_public.samples for select to app_member using (id is not null)",
    "app_public/samples.txt",
    `+ ${table}: policies: p for select to app_member: using ((id IS NOT NULL))`,
  ],
  [
    "alter table app_public.samples add constraint samples_name_is_short check (length(name) < 9)",
    "app_public/samples.txt",
    `+ ${table}: constraints: samples_name_is_short CHECK ((length(name) < 9))`,
  ],
  [
    "create unique index samples_name on app_public.samples (name) where name <> ''",
    "app_public/samples.txt",
    `+ ${table}: indexes: samples_name UNIQUE btree (name) WHERE (name <> ''::text)`,
  ],
  [
    "create trigger t after delete on app_public.samples for each row execute function app_private.tg_stamp()",
    "app_public/samples.txt",
    `+ ${table}: triggers: t AFTER DELETE FOR EACH ROW EXECUTE FUNCTION app_private.tg_stamp()`,
  ],
  ["comment on table app_public.samples is 'Samples.'", "app_public/samples.txt", `+ ${table}: -- Samples.`],
  [
    "grant usage on sequence app_public.numbers to app_worker",
    "app_public/numbers.txt",
    "+ sequence app_public.numbers: grants: app_worker: usage",
  ],
  [
    "create function app_public.f(a text) returns text language sql return a",
    "app_public/f.txt",
    "+ function app_public.f(a text): returns text language sql volatile security invoker parallel unsafe owner postgres",
    "+ function app_public.f(a text): arguments (a text)",
    "+ function app_public.f(a text): grants: public: execute",
    expect.stringMatching(/^\+ function app_public\.f\(a text\): body sha256 [0-9a-f]{64}$/),
  ],
  [
    "grant execute on function app_public.f(integer) to app_link",
    "app_public/f.txt",
    `+ ${f}: grants: app_link: execute`,
  ],
  [
    "alter default privileges for role app_owner in schema app_public grant select on tables to app_member",
    "default_privileges.txt",
    "+ default privileges app_owner: tables in app_public: select to app_member",
  ],
  [
    "grant usage on schema audit to app_telemetry",
    "schemas.txt",
    "+ schema audit: grants: app_telemetry: usage",
  ],
  ["create extension citext schema extensions", "extensions.txt", "+ extension citext: in schema extensions"],
  [
    "grant select on graphile_worker._private_jobs to app_analyst",
    "graphile_worker/_private_jobs.txt",
    "+ table graphile_worker._private_jobs: grants: app_analyst: select",
  ],
];

const alterations: Change[] = [
  [
    "alter table app_public.samples force row level security",
    "app_public/samples.txt",
    `- ${table}: owner postgres`,
    `+ ${table}: owner postgres, forced`,
  ],
  [
    "alter table app_public.samples disable trigger t",
    "app_public/samples.txt",
    `- ${table}: triggers: t AFTER DELETE FOR EACH ROW EXECUTE FUNCTION app_private.tg_stamp()`,
    `+ ${table}: triggers: t AFTER DELETE FOR EACH ROW EXECUTE FUNCTION app_private.tg_stamp() (disabled)`,
  ],
  [
    "comment on column app_public.samples.age is 'In years.'",
    "app_public/samples.txt",
    `- ${table}: columns: age smallint default 1`,
    `+ ${table}: columns: age smallint default 1 -- In years.`,
  ],
  [
    `insert into app_private.classified_tables (table_name, home, retention) values ('app_public.samples', 'clinic', 'clinic');
     insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
     values ('app_public.samples', 'name', 'phi', 'ledger', 'digest')`,
    "app_public/samples.txt",
    `- ${table}: columns: name text`,
    `+ ${table}: home clinic, retention clinic`,
    `+ ${table}: columns: name text [phi, kept ledger, digest]`,
  ],
  [
    "create or replace view app_public.shown as select id from app_public.samples where age > 3",
    "app_public/shown.txt",
    "- view app_public.shown: as: SELECT id: FROM app_public.samples;",
    "+ view app_public.shown: as: SELECT id: FROM app_public.samples",
    "+ view app_public.shown: as: SELECT id: WHERE age > 3;",
  ],
  [
    "alter type app_public.pair add attribute third text",
    "app_public/pair.txt",
    "- type app_public.pair: owner postgres as (: other text)",
    "+ type app_public.pair: owner postgres as (: other text,",
    "+ type app_public.pair: owner postgres as (: third text)",
  ],
  [
    "create or replace function app_public.f(a int) returns int language sql security definer return 2",
    "app_public/f.txt",
    `- ${f}: returns integer language sql volatile security invoker parallel unsafe owner postgres`,
    expect.stringContaining(`- ${f}: body sha256 `),
    `+ ${f}: returns integer language sql volatile security definer parallel unsafe owner postgres`,
    expect.stringContaining(`+ ${f}: body sha256 `),
  ],
];

test("each kind of change shows, under the object it belongs to and in its file", async () => {
  const database = await createTestDatabase({
    because: "objects are changed in it before it is read",
    bare: true,
  });
  await withClient(database.urls.admin, async (client) => {
    await client.query(`
      create table app_public.samples (id uuid primary key, name text);
      create sequence app_public.numbers;
      create view app_public.shown as select id from app_public.samples;
      create type app_public.pair as (one text, other text);
      create function app_public.f(a int) returns int language sql return 1`);
    for (const changes of [additions, alterations]) {
      const before = await snapshot(database.urls.admin);
      for (const [sql] of changes) await client.query(sql);
      const after = await snapshot(database.urls.admin);
      for (const file of new Set(changes.map(([, file]) => file))) {
        const of = (all: Snapshot) => new Map([[file, all.get(file) ?? ""]]);
        const lines = changes.filter(([, inFile]) => inFile === file).flatMap(([, , ...lines]) => lines);
        const found = difference(of(before), of(after));
        expect(found).toEqual(expect.arrayContaining(lines));
        expect(found).toHaveLength(lines.length);
      }
      const changed = [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
      expect(new Set(changed)).toEqual(new Set(changes.map(([, file]) => file)));
      expect(after.size).toBe(before.size);
    }
  });
  await database.drop();
});

test("the folder is refused where a file is changed, missing or left over, by name; writing it mends all three", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-snapshot-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const made: Snapshot = new Map([
    ["app_public/patients.txt", "table app_public.patients\n\n  columns\n    id uuid\n"],
    ["audit/seals.txt", "table audit.seals\n"],
    ["roles.txt", "role app_member\n"],
  ]);
  writeFileSync(path.join(folder, "README.md"), "What the folder is.\n");
  expect(problemsOf(folder, made)).toEqual([
    "db/snapshot/app_public/patients.txt is missing.",
    "db/snapshot/audit/seals.txt is missing.",
    "db/snapshot/roles.txt is missing.",
  ]);
  writeSnapshot(folder, made);
  expect(problemsOf(folder, made)).toEqual([]);

  const changed = new Map(made).set(
    "app_public/patients.txt",
    "table app_public.patients\n\n  columns\n    id text\n",
  );
  changed.delete("audit/seals.txt");
  changed.set("audit/heads.txt", "table audit.heads\n");
  expect(problemsOf(folder, changed)).toEqual([
    "db/snapshot/app_public/patients.txt is not what the migrations make:",
    "  - table app_public.patients: columns: id uuid",
    "  + table app_public.patients: columns: id text",
    "db/snapshot/audit/heads.txt is missing.",
    "db/snapshot/audit/seals.txt is left over: the migrations make nothing of that name.",
  ]);
  expect(writeSnapshot(folder, changed)).toEqual({
    written: ["app_public/patients.txt", "audit/heads.txt"],
    removed: ["audit/seals.txt"],
  });
  expect(readSnapshot(folder)).toEqual(changed);

  changed.delete("audit/heads.txt");
  writeSnapshot(folder, changed);
  expect(existsSync(path.join(folder, "audit"))).toBe(false);
  // A file with the line ends of another system says the same.
  writeFileSync(path.join(folder, "roles.txt"), "role app_member\r\n");
  expect(problemsOf(folder, changed)).toEqual([]);
});
