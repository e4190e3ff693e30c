// Starts processes: one that sends is killed before it records an answer.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localKms } from "../../providers/kms/local.ts";
import { temporaryKms } from "../../providers/kms/tests/temporary.ts";
import { newWebhookSecret, webhookSender } from "../../providers/webhooks_out/index.ts";
import { createSecrets, type Secrets } from "../../secrets/index.ts";
import { dispatch } from "../webhooks_out/dispatch.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";

/** How many deliveries to a flaky receiver; the long form is asked for by this variable: 1,000,000. */
const count = Number(process.env.WEBHOOK_DELIVERIES ?? 300);
/** And to a sound one. */
const soundCount = Math.min(count, 25_000);
/** They are divided among endpoints, each of which gets four at once. */
const perEndpoint = 2_500;

let clinic: Clinic;
const keys = temporaryKms();
let secrets: Secrets;
/** By path of the receiver: which ids came, and how often. */
const received = new Map<string, Map<string, number>>();
/** What a receiver that hangs does not answer, until the test has seen enough. */
const held: ServerResponse[] = [];
let released = false;
let mostHeld = 0;
/** The process that is killed by the request that it sends. */
let victim: ChildProcess | undefined;
let calls = 0;
const receiver = createServer((request, response) => {
  const path = (request.url ?? "").replace(/\?.*/, "");
  request.resume().on("end", () => {
    const ids = received.get(path) ?? new Map<string, number>();
    received.set(path, ids);
    const id = String(request.headers["webhook-id"]);
    ids.set(id, (ids.get(id) ?? 0) + 1);
    calls += 1;
    if (calls % 50_000 === 0) console.log(`${calls} requests so far`);
    if (path === "/again" && victim?.kill("SIGKILL")) victim = undefined;
    if (path === "/hangs" && !released) {
      held.push(response);
      mostHeld = Math.max(mostHeld, held.filter(({ destroyed }) => !destroyed).length);
      return;
    }
    const status =
      path === "/gone" ? 410 : path === "/hangs" ? 500 : path === "/flaky" && calls % 5 === 0 ? 500 : 204;
    response.writeHead(status).end();
  });
});

beforeAll(async () => {
  clinic = await openClinic("deliveries are claimed and recorded by transactions beside each other");
  secrets = createSecrets(keys.kms, clinic.worker);
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await clinic.drop();
  keys.remove();
});

/** A subscription with a sealed secret and so many deliveries that are due. */
async function subscribe(path: string, deliveries: number): Promise<string> {
  const { port } = receiver.address() as AddressInfo;
  const { rows } = await clinic.admin.query(
    "select tests.id('atlas') as clinic, uuidv7() as id, uuidv7() as secret",
  );
  const [{ clinic: organizationId, id, secret }] = rows;
  const sealed = await secrets.seal(
    organizationId,
    { table: "app_private.webhook_secrets", column: "secret", row: secret },
    Buffer.from(newWebhookSecret()),
  );
  await clinic.admin.query(
    `insert into app_public.webhook_subscriptions (id, organization_id, name, url, event_names)
     values ($1, $2, $3, $4, '{patient.onboarded}')`,
    [id, organizationId, `${path} ${id}`, `http://127.0.0.1:${port}${path}?${id}`],
  );
  await clinic.admin.query(
    "insert into app_private.webhook_endpoints (organization_id, subscription_id) values ($1, $2)",
    [organizationId, id],
  );
  await clinic.admin.query(
    "insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret) values ($1, $2, $3, $4)",
    [secret, organizationId, id, sealed],
  );
  await clinic.admin.query(
    `insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body)
     select $1, $2, 'webhook.test', n, '{}' from generate_series(1, $3::int) as n`,
    [organizationId, id, deliveries],
  );
  return id;
}

const sender = webhookSender({ loopback: true });
const send = (settings: { secrets?: Secrets; say?: (line: string) => void } = {}) =>
  dispatch(
    { withPgClient: clinic.withPgClient, abortSignal: new AbortController().signal },
    { sender, secrets, ...settings },
  );
/** What waits for a retry is due now. */
const hurry = () =>
  clinic.admin.query("update app_public.webhook_events set next_attempt_at = now() where status = 'pending'");
async function statuses(...ids: string[]): Promise<Record<string, number>> {
  const { rows } = await clinic.admin.query(
    "select status, count(*)::int from app_public.webhook_events where subscription_id = any ($1) group by 1",
    [ids],
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}
const waits = async (...ids: string[]) =>
  (
    await clinic.admin.query(
      "select from app_public.webhook_events where subscription_id = any ($1) and status = 'pending' limit 1",
      [ids],
    )
  ).rows.length > 0;
const many = (path: string, deliveries: number) =>
  Promise.all(
    Array.from({ length: Math.ceil(deliveries / perEndpoint) }, (_, n) =>
      subscribe(path, Math.min(perEndpoint, deliveries - n * perEndpoint)),
    ),
  );

test("every delivery arrives with one id at receivers that fail now and then; one that hangs delays no other, and of one that is gone nothing more is asked (WHK-02)", async () => {
  const flaky = await many("/flaky", count);
  const hanging = await subscribe("/hangs", 10);
  const gone = await subscribe("/gone", 20);
  const sound = await many("/sound", soundCount);
  const started = Date.now();
  const working = Promise.all([send(), send()]); // two workers at once
  while (await waits(...sound)) await sleep(50);
  // All of the sound ones arrived, while four requests to the other hang: it gets its last turns once there is room.
  await eventually(async () => mostHeld >= 4, "four requests that hang");
  await sleep(1_000);
  expect(mostHeld).toBe(4);
  expect(await statuses(hanging)).toEqual({ pending: 10 });
  released = true;
  for (const response of held) response.destroy();
  await working;
  expect(await statuses(...sound)).toEqual({ delivered: soundCount });
  expect(new Set(received.get("/sound")?.values())).toEqual(new Set([1]));

  for (let round = 0; round < 50 && (await waits(...flaky)); round++) {
    await hurry();
    await clinic.admin.query(
      "update app_public.webhook_events set next_attempt_at = 'infinity' where subscription_id = $1 and status = 'pending'",
      [hanging],
    );
    await Promise.all([send(), send()]);
  }
  if (process.env.WEBHOOK_DELIVERIES) {
    console.log(
      `${calls} requests for ${count + soundCount} deliveries in ${Math.round((Date.now() - started) / 1_000)} s`,
    );
  }
  expect(await statuses(...flaky)).toEqual({ delivered: count });
  expect(received.get("/flaky")?.size).toBe(count);
  expect(await statuses(hanging)).toEqual({ pending: 10 });
  // The four that were sent at once, before the first answer was recorded.
  expect(received.get("/gone")?.size).toBeLessThanOrEqual(8);
  expect(Object.keys(await statuses(gone)).sort()).toEqual(["cancelled", "failed"]);
  const { size } = received.get("/gone") as Map<string, number>;
  await hurry();
  await clinic.admin.query("delete from app_public.webhook_events where subscription_id = $1", [hanging]);
  await send();
  expect(received.get("/gone")?.size).toBe(size);
}, 14_400_000);

describe("an outage of ours is no failure of the receiver (WHK-02)", () => {
  const nowhere = new pg.Pool({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
  afterAll(() => nowhere.end());

  test.each([
    [
      "the key service has no key",
      () => createSecrets(localKms({ file: `${keys.file}.lost`, create: false }), clinic.worker),
      "KmsUnavailable",
    ],
    ["our keys cannot be read", () => createSecrets(keys.kms, nowhere), "ECONNREFUSED"],
  ])("%s", async (_, secretsOf, why) => {
    const id = await subscribe("/later", 10);
    const said: string[] = [];
    await send({ secrets: secretsOf(), say: (line) => void said.push(line) });
    expect(said).toEqual([expect.stringContaining(why)]);
    expect(received.get("/later")).toBeUndefined();
    const { rows } = await clinic.admin.query(
      `select failing_since, slow_steps, slowed_until > now() as waits,
         (select max(attempts + step) from app_public.webhook_events where subscription_id = $1) as attempts,
         (select count(*)::int from app_public.webhook_events where subscription_id = $1 and problem = 'not_sent') as said
       from app_private.webhook_endpoints where subscription_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ failing_since: null, slow_steps: 0, waits: true, attempts: 0, said: 4 }]);
    const { rows: jobs } = await clinic.admin.query(
      "select run_at < now() + interval '37 seconds' as soon from graphile_worker._private_jobs where key = 'deliver_webhooks'",
    );
    expect(jobs).toEqual([{ soon: true }]);

    await clinic.admin.query("update app_private.webhook_endpoints set slowed_until = null");
    await send();
    expect(await statuses(id)).toEqual({ delivered: 10 });
    received.delete("/later");
  });
});

test("a worker that is killed before it records an answer: the same id comes again (WHK-02)", async () => {
  const id = await subscribe("/again", 1);
  const file = fileURLToPath(new URL("./dying_sender.ts", import.meta.url));
  victim = spawn(process.execPath, [file, clinic.urls.worker, keys.file], { stdio: "inherit" });
  const [, signal] = await once(victim, "exit");
  expect(signal).toBe("SIGKILL");
  await send();
  expect(await statuses(id)).toEqual({ pending: 1 });
  const { rows } = await clinic.admin.query(
    "select id, claim from app_public.webhook_events where subscription_id = $1",
    [id],
  );
  await hurry(); // its minute is over
  await send();
  expect(await statuses(id)).toEqual({ delivered: 1 });
  expect([...(received.get("/again") as Map<string, number>)]).toEqual([[rows[0].id, 2]]);
  const late = await clinic.worker.query(
    "select app_private.record_webhook_attempt($1, $2, 500, 'refused', '', 1, null) as status",
    [rows[0].id, rows[0].claim],
  );
  expect(late.rows[0].status).toBeNull();
});
