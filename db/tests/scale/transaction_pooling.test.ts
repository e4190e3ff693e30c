import { Logger, runOnce } from "graphile-worker";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmtpVendor, startSmtpVendor } from "../../../providers/email/tests/smtp_vendor.ts";
import { createLog } from "../../../runtime/log.ts";
import { createPool } from "../../../server/database.ts";
import { createWithPgClient } from "../../../server/pg_service.ts";
import { subscribe, tokenOf, until } from "../../../server/tests/listener.ts";
import { probes } from "../../../server/tests/probes.ts";
import {
  type Doors,
  type Json,
  startBeside,
  startTestApi,
  type TestApi,
} from "../../../server/tests/support.ts";
import { taskList } from "../../../tasks/registry.ts";
import { nowhere } from "../../../tasks/tests/nowhere.ts";
import { startVendors } from "../../../tasks/tests/vendors.ts";
import { requireDirect } from "../../connection/require_database.ts";
import { startTransactionPooler, type TransactionPooler } from "../../testing/transaction_pooler.ts";

// The API speaks to the database through a pooler in transaction mode that keeps nothing of a session (SCA-01).

let api: TestApi;
let pooler: TransactionPooler;
let pooled: Doors & { url: string; close(): Promise<void> };
let vendor: SmtpVendor;
let worker: pg.Pool;
let calendarId: string;
let organizationId: string;

beforeAll(async () => {
  [api, vendor] = await Promise.all([
    startTestApi({ because: "its connections lead through a pooler", probes }),
    startSmtpVendor(),
  ]);
  await api.sql(`
    select tests.clinic('atlas');
    select tests.staff('flavia', 'front_desk', email => 'flavia@people.test');
    select tests.specialist('stefan');
    select tests.calendar('mondays', '{stefan}');
    select tests.works('stefan');
    select tests.patient('ana', email => 'ana@people.test');
    update app_private.channels set quiet_from = null, quiet_until = null`);
  [{ calendarId, organizationId }] = await api.sql(
    `select id as "calendarId", organization_id as "organizationId" from app_public.calendars`,
  );
  // Fewer connections than the API has, so they are shared.
  pooler = await startTransactionPooler(api.authenticatorUrl, 3);
  pooled = await startBeside(api, { authenticatorUrl: pooler.url, poolSize: 5 });
  worker = new pg.Pool({ connectionString: api.workerUrl, max: 4 });
  for (const event of ["connect", "error"] as const) worker.on(event, () => {}); // the queue asks for both
});
afterAll(async () => {
  await pooled?.close();
  await pooler?.stop();
  await worker?.end();
  await vendor?.stop();
  await api?.close();
});

const ask = async (query: string, variables: object = {}, as?: string): Promise<Json> => {
  const { body } = await pooled.graphql(query, { variables, ...(as && { token: tokenOf(api, as) }) });
  expect(body.errors).toBeUndefined();
  return body.data;
};

/** Everything that waits in the queue. */
const work = () =>
  runOnce({
    pgPool: worker,
    logger: new Logger(() => () => {}),
    parsedCronItems: [],
    noHandleSignals: true,
    taskList: taskList({
      ...nowhere,
      texts: startVendors().messengers,
      mailers: { for: async () => vendor.mailer, check: async () => null, close() {} },
    }),
  });

const book = async (visitor: number): Promise<string> => {
  const now = Date.now();
  const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
  const { availableSlots } = await ask(
    `query ($calendarId: UUID!, $from: Datetime!, $to: Datetime!) {
       availableSlots(calendarId: $calendarId, from: $from, to: $to, first: 20) { nodes { startsAt } } }`,
    { calendarId, from: at(2), to: at(9) },
  );
  const { holdSlot } = await ask(
    `mutation ($calendarId: UUID!, $startsAt: Datetime!) {
       holdSlot(input: { calendarId: $calendarId, startsAt: $startsAt }) { slotHold { token } } }`,
    { calendarId, startsAt: availableSlots.nodes[visitor].startsAt },
  );
  const { requestBooking } = await ask(
    `mutation ($token: String!, $email: Email!) {
       requestBooking(input: { holdToken: $token, givenName: "Maria", familyName: "Ionescu", email: $email, phone: "0722000123" }) {
         bookingReceipt { bookingRequestId status } } }`,
    { token: holdSlot.slotHold.token, email: `maria${visitor}@people.test` },
  );
  expect(requestBooking.bookingReceipt.status).toBe("REQUESTED");
  return requestBooking.bookingReceipt.bookingRequestId;
};

test("SCA-01: five visitors at once book, front desk confirms, and the lists are right, over three connections", async () => {
  const requests = await Promise.all([0, 3, 6, 9, 12].map(book));
  await work();
  const open = await ask(
    `{ bookingRequests(filter: { status: { equalTo: REQUESTED } }, first: 20) { nodes { id email } } }`,
    {},
    "flavia",
  );
  expect(open.bookingRequests.nodes.map(({ id }: Json) => id).toSorted()).toEqual(requests.toSorted());

  for (const request of requests) {
    const { confirmBookingRequest } = await ask(
      `mutation ($request: UUID!) {
         confirmBookingRequest(input: { bookingRequestId: $request, asNewPatient: true }) { appointment { status } } }`,
      { request },
      "flavia",
    );
    expect(confirmBookingRequest.appointment.status).toBe("BOOKED");
  }
  await work();
  const { appointments } = await ask(`{ appointments(first: 20) { nodes { status } } }`, {}, "flavia");
  expect(appointments.nodes).toHaveLength(requests.length);
  const told = await api.sql(
    "select recipient_email from app_public.messages where status = 'sent' and recipient_email like 'maria%'",
  );
  expect(new Set(told.map(({ recipient_email }) => recipient_email)).size).toBe(requests.length);
});

test("SCA-01: each transaction of a connection had another one of the server", () => {
  const busiest = pooler.served.toSorted((a, b) => b.length - a.length)[0] ?? [];
  expect(pooler.served.flat().length).toBeGreaterThan(30);
  expect(busiest.length).toBeGreaterThan(9);
  expect(new Set(busiest).size).toBe(3);
  expect(busiest.filter((pid, at) => pid === busiest[at + 1]).length).toBeLessThan(busiest.length / 3);
});

test("SCA-01: whoever comes next is nobody again, and each has the limits that the role brings", async () => {
  const who = (token?: string) => pooled.graphql("{ probeSession }", token ? { token } : {});
  for (let round = 0; round < 10; round++) {
    const [flavia, visitor] = await Promise.all([who(tokenOf(api, "flavia")), who()]);
    expect(flavia.body.data.probeSession).toMatchObject({
      role: "app_member",
      statementTimeout: "5s",
      lockTimeout: "2s",
      idleTimeout: "10s",
    });
    expect(visitor.body.data.probeSession).toMatchObject({ role: "app_anonymous", principalId: null });
  }
});

test("SCA-01: more statements than a connection keeps prepared are answered, as the schema asks them", async () => {
  const pool = createPool({ authenticatorUrl: pooler.url, poolSize: 1 }, createLog({ logLevel: "silent" }));
  const withPgClient = createWithPgClient(pool);
  const ask = (number: number) =>
    withPgClient({ role: "app_anonymous" }, (client) =>
      client.query<{ number: number }>({ text: `select ${number} as number`, name: `statement ${number}` }),
    );
  // A hundred are kept; the first of them are let go, and asked again.
  for (const number of [...Array(150).keys(), 0, 149, 1])
    expect((await ask(number)).rows).toEqual([{ number }]);
  await pool.end();
});

test("SCA-01: what is announced is heard, over a connection past the pooler", async () => {
  const listener = subscribe({ ...api, url: pooled.url }, { authorization: `Bearer ${tokenOf(api, "ana")}` });
  await until(async () => {
    await api.sql(
      `select app_private.put_in_inbox($1, (select principal_id from app_public.humans where email = 'ana@people.test'),
         gen_random_uuid(), 'Programare', 'Vă așteptăm.', now())`,
      [organizationId],
    );
    return listener.titles().length > 0;
  }, "a message");
  expect(listener.errors).toEqual([]);
  await listener.stop();
});

test("SCA-01: whoever needs a session is refused through the pooler: announcements and the worker", async () => {
  await expect(startBeside(api, { authenticatorUrl: pooler.url, listenUrl: pooler.url })).rejects.toThrow(
    "LISTEN_DATABASE_URL must lead to the server itself, past any pooler.",
  );
  const workers = await startTransactionPooler(api.workerUrl, 1);
  const asked = { variable: "WORKER_DATABASE_URL", role: "app_worker" };
  await expect(requireDirect(workers.url, asked)).rejects.toThrow(
    "WORKER_DATABASE_URL must lead to the server itself",
  );
  await expect(requireDirect(api.workerUrl, asked)).resolves.toBeUndefined();
  await workers.stop();
});

test("SCA-01: the pooler of these tests forbids what one in transaction mode does", async () => {
  const refused = new pg.Client({ connectionString: pooler.url, statement_timeout: 1_000 });
  await expect(refused.connect()).rejects.toThrow("unsupported startup parameter: statement_timeout");

  const client = new pg.Client({ connectionString: pooler.url });
  await client.connect();
  const value = async (text: string, name?: string) =>
    Object.values((await client.query({ text, ...(name && { name }) })).rows[0] ?? {})[0];
  await client.query("set app.request_id = 'kept'");
  expect(await value("select coalesce(current_setting('app.request_id', true), '')")).toBe("");
  expect(await value("select pg_try_advisory_lock(1)")).toBe(true);
  expect(
    await value("select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"),
  ).toBe(0);
  await client.query("listen somewhere");
  expect(await value("select count(*)::int from pg_listening_channels()")).toBe(0);
  await client.query("begin");
  await client.query("set local app.request_id = 'kept'");
  expect(await value("select current_setting('app.request_id')")).toBe("kept");
  await client.query("rollback");
  // Prepared statements follow the client, as PgBouncer's do.
  const pids = [];
  for (let round = 0; round < 4; round++) pids.push(await value("select pg_backend_pid()", "whom"));
  expect(new Set(pids).size).toBeGreaterThan(1);
  await client.end();
});

test("FND-29: the API does not start where the role brings no limits", async () => {
  await api.sql(
    `do $$ begin execute format('alter role app_authenticator in database %I set lock_timeout = 0', current_database()); end $$`,
  );
  await expect(startBeside(api, {})).rejects.toThrow(
    "lead in with a limit for lock_timeout: run npm run migrate",
  );
  await api.sql(
    `do $$ begin execute format('alter role app_authenticator in database %I reset lock_timeout', current_database()); end $$`,
  );
});
