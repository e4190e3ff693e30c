import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { s3Store } from "../../../providers/storage/s3.ts";
import { verifyAudit } from "../../../tasks/audit/verify.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { type Act, ask, atOnce } from "../at_once.ts";
import { joined, ofClinic, quoted, readCatalog, type Table } from "./homes.ts";
import { type Moved, moveClinic, read } from "./move_clinic.ts";

// A clinic moves to another server, which is another database here: between the two there is no query. Every table is
// filled, so whatever a new table brings is moved or fails. A database each: rows are committed in both.
let here: TestDatabase;
let there: TestDatabase;
let from: pg.Client;
let to: pg.Client;
let clinicId: string;
let moved: Moved;
/** Tables of the cell that migrations themselves fill, the same everywhere. */
const begunWith = new Set<string>();

beforeAll(async () => {
  [here, there] = await Promise.all([
    createTestDatabase({
      because: "the clinic moves out of it, with all its rows committed",
      furniture: "two clinics",
    }),
    createTestDatabase({ because: "the clinic moves into it" }),
  ]);
  [from, to] = await Promise.all([open(here), open(there)]);
  await from.query(`
    begin;
    insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
    select tests.id('atlas'), tests.id('stefan'), s.id
    from app_public.specialties s where s.slug = 'physiotherapy' and s.organization_id is null;
    -- Publishing has a past at the one server, and none at the other.
    select app_private.publish('organization.activated', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}')
    from generate_series(1, 5);
    commit;
    select audit.prepare_anchor();`);
  clinicId = (await from.query("select tests.id('atlas') as id")).rows[0].id;
  const { tables } = await readCatalog(to);
  for (const [name, { home }] of tables)
    if (home === "cell" && (await to.query(`select from ${name} limit 1`)).rowCount) begunWith.add(name);
  // The library of exercises and the prices are the platform's, and there already.
  await to.query(
    "begin; select tests.furnish_exercises(), tests.furnish_metering(); delete from tests.names; commit",
  );
  moved = await moveClinic(from, to, clinicId);
  // Who is called what, for whoever acts there below.
  for (const names of ["tests.names", "tests.personas"]) {
    const { rows } = await from.query(`select coalesce(jsonb_agg(n), '[]')::text as rows from ${names} n`);
    await to.query(`insert into ${names} select * from jsonb_populate_recordset(null::${names}, $1::jsonb)`, [
      rows[0].rows,
    ]);
  }
  await to.query("update tests.personas set organization_id = $1 where name = 'elena'", [clinicId]);
});

afterAll(async () => {
  await Promise.all([from?.end(), to?.end()]);
  await Promise.all([here?.drop(), there?.drop()]);
});

async function open(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  return client;
}

/** One request at the other server, committed; answers with its first value. */
async function act(as: string, sql: string): Promise<unknown> {
  const [outcome] = await atOnce(there, [{ as, sql } satisfies Act]);
  expect(outcome).toHaveProperty("value");
  return outcome && "value" in outcome ? outcome.value : undefined;
}

/** Finds t among rows, an array of JSON, by its primary key. */
function withSameKey({ name, key }: Table, rows: string): string {
  const same = key.map((column) => `m.${quoted(column)} = t.${quoted(column)}`).join(" and ");
  return `select from jsonb_populate_recordset(null::${name}, ${rows}::jsonb) m where ${same}`;
}

/** Keys that lead nowhere. */
async function brokenKeys(client: pg.Client): Promise<string[]> {
  const { foreignKeys } = await readCatalog(client);
  const broken: string[] = [];
  for (const key of foreignKeys) {
    const isWhole = key.columns.map((column) => `c.${quoted(column)} is not null`).join(" and ");
    const { rows } = await client.query(
      `select count(*)::int as count from ${key.child} c
       where ${isWhole} and not exists (select from ${key.parent} p where ${joined(key)})`,
    );
    if (rows[0].count > 0) broken.push(`${key.name}: ${rows[0].count}`);
  }
  return broken;
}

describe("a clinic moves to another server with its people (SCA-01)", () => {
  test("whole: every table that a clinic fills has the same rows there, by digest", async () => {
    const catalog = await readCatalog(to);
    const differ: string[] = [];
    const empty: string[] = [];
    for (const [name, left] of moved) {
      const table = catalog.tables.get(name) as Table;
      const arrived =
        table.home === "clinic"
          ? await read(to, table, `${ofClinic(table)} or exists (${withSameKey(table, "$2")})`, [
              clinicId,
              left.rows,
            ])
          : await read(to, table, `exists (${withSameKey(table, "$1")})`, [left.rows]);
      if (arrived.digest !== left.digest)
        differ.push(`${name}: ${left.count} rows left, ${arrived.count} arrived`);
      if (left.count === 0) empty.push(name);
    }
    expect(differ).toEqual([]);
    expect(empty).toEqual([]);
  });

  test("no foreign key leads nowhere, also to the platform's rows, which were there before", async () => {
    expect(await brokenKeys(to)).toEqual([]);
    const shared = await to.query(
      `select s.slug from app_public.specialist_specialties l join app_public.specialties s on s.id = l.specialty_id
       where l.organization_id = $1 and s.organization_id is null`,
      [clinicId],
    );
    expect(shared.rows).toEqual([{ slug: "physiotherapy" }]);
  });

  test("nothing of the other clinic is there, nor of people who are only theirs, nor what the cell alone knows", async () => {
    const { rows } = await from.query<{ table: string; home: string; key: string }>(
      "select table_name as table, home, key::text from tests.fixture_rows",
    );
    const { tables } = await readCatalog(to);
    const arrived: string[] = [];
    const missing: string[] = [];
    for (const [name, table] of tables) {
      const ofTable = rows.filter((row) => row.table === name);
      const found = await to.query<{ home: string; there: boolean }>(
        `select f.home, exists (
           select from ${name} t where exists (${withSameKey(table, "jsonb_build_array(f.key)")})) as there
         from jsonb_to_recordset($1::jsonb) as f (home text, key jsonb)`,
        [JSON.stringify(ofTable.map(({ home, key }) => ({ home, key: JSON.parse(key) })))],
      );
      for (const { home, there } of found.rows) {
        if (there && (/^(boreal|cetus)/.test(home) || (table.home === "cell" && !begunWith.has(name))))
          arrived.push(`${name} of ${home}`);
        if (!there && table.home === "clinic" && home.startsWith("atlas")) missing.push(`${name} of ${home}`);
      }
    }
    expect(arrived).toEqual([]);
    expect(missing).toEqual([]);
    expect(await ask(there, "select array_agg(slug) from app_public.organizations")).toEqual(["atlas"]);
  });
});

describe("at the other server (SCA-01)", () => {
  let dataDir: string;
  let objects: EmbeddedObjects;
  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "restartix-moves-"));
    objects = await startObjects({ port: 0, dataDir });
  });
  afterAll(async () => {
    await objects?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function verify() {
    const store = s3Store(objects.settings);
    const worker = new pg.Client({ connectionString: there.urls.worker });
    await worker.connect();
    try {
      return await verifyAudit(worker, store);
    } finally {
      await worker.end();
      store.close();
    }
  }

  test("the audit chain verifies, and holds what was anchored where it came from (FND-09)", async () => {
    const verdict = await verify();
    expect(verdict.findings).toEqual([]);
    expect(verdict.entries).toBeGreaterThan(50);
    const { rows } = await from.query(
      `select coalesce(jsonb_agg(jsonb_build_object('organization', h.scope_id, 'sequence', h.sequence,
         'hash', encode(h.hash, 'hex'))), '[]')::text as heads
       from audit.anchored_heads h where h.scope_id = $1`,
      [clinicId],
    );
    expect(JSON.parse(rows[0].heads)).not.toEqual([]);
    expect((await to.query("select * from audit.unlike_anchor($1)", [rows[0].heads])).rows).toEqual([]);
  });

  test("a visitor books and front desk confirms; chain and events go on where they were (SCH-06, APT-01)", async () => {
    const before = await verify();
    const startsAt = await act(
      "a visitor",
      `select starts_at::text from app_public.available_slots(tests.id('calendar of atlas'), now() + interval '2 days',
         now() + interval '16 days') order by starts_at limit 1`,
    );
    const token = await act(
      "a visitor",
      `select (app_public.hold_slot(tests.id('calendar of atlas'), '${startsAt}')).token`,
    );
    const request = await act(
      "a visitor",
      `select (app_public.request_booking('${token}', 'Maria', 'Ionescu', 'maria@people.test', '0722000123')).booking_request_id`,
    );
    expect(
      await act(
        "flavia",
        `select (app_public.confirm_booking_request('${request}', as_new_patient => true)).status`,
      ),
    ).toBe("booked");
    // An appointment that came along goes on as well.
    expect(
      await act(
        "flavia",
        "select (app_public.cancel_appointment(tests.id('ana''s appointment at atlas'), 'Ill')).status",
      ),
    ).toBe("cancelled");
    await to.query("select app_private.publish('organization.activated', $1, $1, '{\"slug\": \"atlas\"}')", [
      clinicId,
    ]);

    const { rows } = await to.query(
      `select subject_id, array_agg(position::int order by id) as positions from app_private.events
       where organization_id = $1 group by subject_id`,
      [clinicId],
    );
    for (const { positions } of rows) expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(rows.find(({ subject_id }) => subject_id === clinicId).positions.length).toBeGreaterThan(5);

    const after = await verify();
    expect(after.findings).toEqual([]);
    expect(after.entries).toBeGreaterThan(before.entries);
    expect(await brokenKeys(to)).toEqual([]);
  });

  test("what waits to be told is queued there by the worker's sweeps, since jobs stay behind (FND-14)", async () => {
    await to.query("begin");
    await to.query("select tests.freeze_time(now() + interval '10 minutes')");
    await to.query("select app_private.enqueue_overdue_deliveries(), app_private.end_stuck_messages()");
    const { rows } = await to.query(
      `with waiting as (
         select d.consumer || ':' || d.subject_id as key from app_private.event_deliveries d
         where d.scope_id = $1 and d.delivered_at is null
         union
         select 'message:' || m.id from app_public.messages m where m.organization_id = $1 and m.status = 'queued')
       select count(*)::int as waiting, count(j.key)::int as queued
       from waiting left join graphile_worker._private_jobs j using (key)`,
      [clinicId],
    );
    await to.query("rollback");
    expect(rows[0].waiting).toBeGreaterThan(5);
    expect(rows[0].queued).toBe(rows[0].waiting);
  });

  test("whoever belongs to the other clinic alone is nobody, and whoever belongs to both finds this one only", async () => {
    expect(
      await ask(there, "select count(*)::int from app_public.humans where principal_id = tests.id('otto')"),
    ).toBe(0);
    expect(await act("elena", "select count(*)::int from app_public.appointments")).toBe(1);
  });
});

describe("what cannot move is refused (SCA-01)", () => {
  test("a table that has no home", async () => {
    await from.query("create table app_public.toys (id uuid primary key, organization_id uuid)");
    await expect(moveClinic(from, to, clinicId)).rejects.toThrow("app_public.toys has no home");
    await from.query("drop table app_public.toys");
  });

  test("a clinic whose platform is another one there", async () => {
    await from.query("update app_private.legal_ages set years = years + 1");
    await expect(moveClinic(from, to, clinicId)).rejects.toThrow(
      "app_private.legal_ages is another on the other server",
    );
    await from.query("update app_private.legal_ages set years = years - 1");
  });
});
