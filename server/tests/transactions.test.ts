// How a caller's transaction goes over the line: what leaves together, what is waited for, and what becomes of a
// connection when something of it fails. FND-29.
import { parse } from "graphql";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { createPool } from "../database.ts";
import { isUnavailable } from "../errors/database_refusal.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import { readInOneFlight } from "../one_flight.ts";
import { ofOperation } from "../operation_settings.ts";
import { createWithPgClient } from "../pg_service.ts";
import { type Line, openLine } from "./line.ts";
import { probes } from "./probes.ts";
import { type Doors, refusalOf, startBeside, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let line: Line;
let beside: Doors & { url: string; close(): Promise<void> };
/** One connection, so that whoever comes next has what the one before left. */
let pool: pg.Pool;

beforeAll(async () => {
  api = await startTestApi({ because: "its connections are held back, spoilt and ended", probes });
  line = await openLine(api.authenticatorUrl);
  beside = await startBeside(api, { authenticatorUrl: line.url, poolSize: 2 });
  pool = createPool({ authenticatorUrl: line.url, poolSize: 1 }, createLog({ logLevel: "silent" }));
});
afterAll(async () => {
  await pool?.end();
  await beside?.close();
  await line?.stop();
  await api?.close();
});

const visitor = { role: "app_anonymous" };
const member = { role: "app_member", "app.request_id": "of-the-last-one" };
const insert = (id: number) => `insert into app_private.probe_rows values (${id}, null, 'row ${id}')`;
const stored = async (id: number) =>
  (await api.sql("select from app_private.probe_rows where id = $1", [id])).length > 0;
const code = (error: unknown) => (error as { code?: string }).code;

/** A statement of a query, as the schema asks it. */
const readAs = (settings: Settings, text: string, values: unknown[] = []) =>
  createWithPgClient(pool)(ofOperation(settings, { document: parse("{ probeSession }") }), (client) =>
    client.query<Record<string, unknown>>({ text, values }),
  );

/** The only connection is one that nobody has left anything in. */
const expectClean = async () => {
  const { rows } = await asCaller(pool, visitor, (client) =>
    client.query(
      `select current_user::text as who, coalesce(current_setting('app.request_id', true), '') as request`,
    ),
  );
  expect(rows).toEqual([{ who: "app_anonymous", request: "" }]);
  const { rows: outside } = await pool.query(
    "select current_user::text as who, pg_current_xact_id_if_assigned() as xid",
  );
  expect(outside).toEqual([{ who: "app_authenticator", xid: null }]);
};
beforeEach(expectClean);

test("FND-29: beginning, settings and first statement leave together, and the end by itself", async () => {
  const before = line.flights.length;
  await asCaller(pool, member, (client) => client.query("select 1 as first"));
  const flights = line.flights.slice(before);
  expect(flights).toHaveLength(2);
  expect(flights[0]).toMatch(/begin\0.*settings\0.*of-the-last-one.*select 1 as first\0/s);
  expect(flights[1]).toMatch(/commit\0/);
});

test("FND-29: a query of the API leaves in one flight, as a transaction that can write nothing", async () => {
  const { body } = await beside.graphql("{ probeSession }");
  expect(body.data.probeSession).toMatchObject({ role: "app_anonymous", readOnly: "on" });

  await readAs(member, "select 2 as second"); // the connection prepares its settings once
  const before = line.flights.length;
  expect((await readAs(member, "select 3 as third")).rows).toEqual([{ third: 3 }]);
  const flights = line.flights.slice(before);
  expect(flights).toHaveLength(1);
  expect(flights[0]).toMatch(/settings\0.*of-the-last-one.*select 3 as third\0/s);
  expect(flights[0]).not.toMatch(/begin|commit/);

  const read = readAs(member, insert(20));
  await expect(read).rejects.toMatchObject({ code: "25006" });
  expect(await stored(20)).toBe(false);
});

test("FND-29: a read whose settings are refused does not happen, and one that fails leaves nothing behind", async () => {
  await expect(readAs({ role: "app_owner" }, "select pg_advisory_lock(1)")).rejects.toMatchObject({
    code: "42501",
    message: expect.stringContaining("set role"),
  });
  const { rows: locks } = await pool.query(
    "select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
  );
  expect(locks).toEqual([]);
  await expectClean();
  await expect(readAs(member, "select 1 / $1::int", [0])).rejects.toMatchObject({ code: "22012" });
  await expect(readAs(member, "select nonsense")).rejects.toMatchObject({ code: "42703" });
  await expectClean();
  expect((await readAs(member, "select current_setting('app.request_id') as request")).rows).toEqual([
    { request: "of-the-last-one" },
  ]);
});

test("FND-29: reads that leave together have each their own settings", async () => {
  const client = await pool.connect();
  try {
    const answers = await Promise.all(
      ["first", "second", "third"].map((request) =>
        readInOneFlight(
          client,
          { ...member, "app.request_id": request },
          {
            name: "asked",
            text: "select current_setting('app.request_id') as request",
          },
        ),
      ),
    );
    expect(answers.map(({ rows }) => rows[0].request)).toEqual(["first", "second", "third"]);
  } finally {
    client.release();
  }
});

test("FND-29: a connection that dies under a read is told and replaced", async () => {
  const dying = readAs(member, "select pg_sleep(61)");
  await Promise.all([expect(dying).rejects.toMatchObject({ code: "57P01" }), endUnder("%pg_sleep(61)%")]);
  await expectClean();
});

test("FND-29: a mutation of the API is answered when it is committed, and not before", async () => {
  const name = async () => (await api.sql("select name from app_public.probe_things where id = 2"))[0].name;
  const held = line.holdBack("commit\0");
  let isAnswered = false;
  const mutation = beside
    .graphql('mutation { updateProbeThing(input: {id: 2, patch: {name: "new"}}) { probeThing { name } } }', {
      token: api.token(),
    })
    .finally(() => {
      isAnswered = true;
    });
  await held.reached;
  expect(await name()).toBe("thing 2");
  expect(isAnswered).toBe(false);
  held.letGo();
  expect((await mutation).body).toEqual({ data: { updateProbeThing: { probeThing: { name: "new" } } } });
  expect(await name()).toBe("new");
});

test("FND-29: what a deferred constraint says at the commit is the answer", async () => {
  await api.sql(
    "alter table app_private.probe_rows alter constraint probe_rows_parent_id_fkey deferrable initially deferred",
  );
  const answer = await beside.graphql(
    'mutation { probeFailure(input: {kind: "reference", value: ""}) { result } }',
    { token: api.token() },
  );
  expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "reference_not_found" });
  expect(answer.body.data).toBeNull();
  const late = asCaller(pool, member, (client) =>
    client.query("insert into app_private.probe_rows values (21, 99, 'late')"),
  );
  await expect(late).rejects.toMatchObject({ code: "23503" });
  expect(await stored(21)).toBe(false);
});

test("FND-29: settings that the database refuses are what is told, and nothing behind them happens", async () => {
  const refused = asCaller(pool, { role: "app_owner" }, (client) => client.query(insert(22)));
  await expect(refused).rejects.toMatchObject({
    code: "42501",
    message: expect.stringContaining("set role"),
  });
  expect(await stored(22)).toBe(false);
});

test("FND-29: where the transaction could not begin, the statement that left with it had no rights", async () => {
  line.spoil("begin\0", "bogus\0");
  const failed = asCaller(pool, member, (client) => client.query(insert(23)));
  await expect(failed).rejects.toMatchObject({ code: "42601" });
  expect(await stored(23)).toBe(false);
  const { rows } = await pool.query(
    `select count(*)::int as rights from pg_class where relnamespace = 'app_public'::regnamespace
       and has_any_column_privilege('app_authenticator', oid, 'select, insert, update')`,
  );
  expect(rows).toEqual([{ rights: 0 }]);
});

test("FND-29: what fails in the middle undoes all of it, and is told as it was", async () => {
  const failed = asCaller(pool, member, async (client) => {
    await client.query(insert(24));
    await client.query("select 1 / 0");
  });
  await expect(failed).rejects.toMatchObject({ code: "22012" });
  expect(await stored(24)).toBe(false);
});

test("FND-29: nobody is told that something is stored whose transaction had failed unheard", async () => {
  const unheard = asCaller(pool, member, async (client) => {
    await client.query(insert(25));
    await client.query("select 1 / 0").catch(() => {});
  });
  await expect(unheard).rejects.toThrow("rolled back instead of committed");
  expect(await stored(25)).toBe(false);
});

/** Ends the connection under a statement like this one, as soon as it runs. */
const endUnder = async (statement: string) => {
  const ended = async () =>
    (
      await api.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like $1 and state = 'active' and pid <> pg_backend_pid()",
        [statement],
      )
    ).length;
  while ((await ended()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
};

test("FND-29: a connection that dies under a statement is told and replaced", async () => {
  const dying = asCaller(pool, member, async (client) => {
    await client.query(insert(26));
    await Promise.all([client.query("select pg_sleep(60)"), endUnder("%pg_sleep(60)%")]);
  });
  expect(code(await dying.catch((error) => error))).toBe("57P01");
  expect(await stored(26)).toBe(false);

  const slow = beside.graphql('mutation { probeFailure(input: {kind: "short", value: ""}) { result } }', {
    token: api.token(),
  });
  await endUnder("%probe_failure%");
  expect((await slow).status).toBe(503);
  expect((await beside.graphql("{ probeSession }")).status).toBe(200);
});

test("FND-29: a connection that dies between two statements is told and replaced", async () => {
  const dying = asCaller(pool, member, async (client) => {
    await client.query(insert(30));
    const { rows } = await client.query("select pg_backend_pid() as pid");
    const lost = new Promise((resolve) => client.once("error", resolve));
    await api.sql("select pg_terminate_backend($1)", [rows[0].pid]);
    await lost;
    await client.query(insert(31));
  });
  expect(isUnavailable(await dying.catch((error) => error))).toBe(true);
  expect([await stored(30), await stored(31)]).toEqual([false, false]);
  await expectClean();
});

test("FND-29: a connection that dies after an answer was read takes nobody else with it", async () => {
  const held = line.holdBack("commit\0");
  const { rows } = await asCaller(pool, member, (client) => client.query("select pg_backend_pid() as pid"), {
    readOnly: true,
  });
  await held.reached;
  await api.sql("select pg_terminate_backend($1)", [rows[0].pid]);
  held.letGo();
});

test("FND-29: a part of a transaction is undone alone", async () => {
  await createWithPgClient(pool)(member, async (client) => {
    await client.query({ text: insert(27) });
    await client.withTransaction((part) => part.query({ text: insert(28) }));
    const undone = client.withTransaction(async (part) => {
      await part.query({ text: insert(29) });
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
  });
  expect([await stored(27), await stored(28), await stored(29)]).toEqual([true, true, false]);
});

test("FND-29: a connection prepares a statement once, keeps a hundred, and settings beside them", async () => {
  const withPgClient = createWithPgClient(pool);
  const ask = (number: number) =>
    withPgClient(visitor, (client) =>
      client.query<[number]>({ text: `select ${number}`, name: `number ${number}`, arrayMode: true }),
    );
  for (const number of [...Array(120).keys(), 119, 118, 0])
    expect((await ask(number)).rows).toEqual([[number]]);
  const { rows } = await pool.query(
    `select count(*)::int as kept, sum(generic_plans + custom_plans) filter (where name = 'number 119')::int as used
     from pg_prepared_statements where name like 'number %'`,
  );
  expect(rows).toEqual([{ kept: 100, used: 2 }]);
});
