import pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { applyReceipt } from "../../webhooks/apply_receipt.ts";
import { handlersOf, type WebhookHandler } from "../../webhooks/index.ts";
import processWebhook from "../definitions/process_webhook.ts";
import { taskList } from "../registry.ts";
import { startWorker } from "../worker.ts";
import { type Clinic, eventually, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let door: pg.Pool;
beforeAll(async () => {
  clinic = await openClinic("the door and the workers commit beside each other");
  clinic.worker.on("connect", (client) => client.on("error", () => {})); // as the worker's own pool does
  door = new pg.Pool({ connectionString: clinic.urls.authenticator });
  await clinic.admin.query(`
    create table app_private.applied (receipt text, actor uuid);
    grant select, insert on app_private.applied to app_worker, app_authenticator;
    grant usage on schema app_private to app_authenticator`);
});
afterEach(() =>
  clinic.admin.query(
    "truncate app_private.applied, app_private.webhook_receipts; delete from graphile_worker._private_jobs",
  ),
);
afterAll(async () => {
  await door.end();
  await clinic.drop();
});

/** What a handler does in these tests: one row per time it is applied, and whatever goes wrong afterwards. */
function vendor(afterwards: () => Promise<void> | void = () => {}, more: Partial<WebhookHandler> = {}) {
  return handlersOf([
    {
      provider: "acme",
      async apply(client, { eventId, rawBody }) {
        await client.query(
          "insert into app_private.applied values ($1, nullif(current_setting('app.principal_id', true), '')::uuid)",
          [`${eventId}:${rawBody.toString()}`],
        );
        await afterwards();
        return "applied";
      },
      ...more,
    },
  ]);
}

async function receive(eventId: string, provider = "acme"): Promise<string> {
  const { rows } = await door.query<{ receipt_id: string }>(
    "select receipt_id from app_hidden.receive_webhook($1, null, $2, 'thing.changed', now(), '{}', 'body')",
    [provider, eventId],
  );
  return rows[0]?.receipt_id as string;
}

type Helpers = Parameters<typeof processWebhook.run>[1];

function work(receiptId: string, webhooks: ReturnType<typeof vendor>, attempts = 1): Promise<void> {
  const helpers = {
    withPgClient: clinic.withPgClient,
    job: { attempts, max_attempts: 12 },
  } as unknown as Helpers;
  return processWebhook.run({ receiptId }, helpers, { webhooks } as never);
}

const standing = async () =>
  (await clinic.admin.query("select status, outcome, attempts, last_error from app_private.webhook_receipts"))
    .rows;
const applied = async () =>
  (await clinic.admin.query("select receipt from app_private.applied")).rows.map(({ receipt }) => receipt);

describe("FND-25: a delivery is applied once", () => {
  test("by the task, in the name of the webhooks, and not again when the job comes twice", async () => {
    const id = await receive("evt_1");
    await work(id, vendor());
    await work(id, vendor());
    expect(await applied()).toEqual(["evt_1:body"]);
    expect(await standing()).toEqual([
      { status: "processed", outcome: "applied", attempts: 1, last_error: null },
    ]);
    const { rows } = await clinic.admin.query(
      "select service_accounts.name from app_private.applied join app_public.service_accounts on principal_id = actor",
    );
    expect(rows).toEqual([{ name: "webhooks" }]);
  });

  test("by the door and ten workers at the same moment", async () => {
    const id = await receive("evt_1");
    const slow = vendor(() => new Promise((resolve) => setTimeout(resolve, 100)));
    const atTheDoor = door
      .connect()
      .then((client) => applyReceipt(client, slow, id).finally(() => client.release()));
    await Promise.all([atTheDoor, ...Array.from({ length: 10 }, () => work(id, slow))]);
    expect(await applied()).toEqual(["evt_1:body"]);
  });

  test("of a vendor whose events nobody applies it is on record, and that is all", async () => {
    await work(await receive("evt_1", "nobody"), vendor());
    expect(await standing()).toMatchObject([{ status: "processed", outcome: "ignored" }]);
  });
});

describe("FND-25: a delivery that fails", () => {
  const fails = vendor(() => {
    throw new Error("the patient ana@people.test has no number +40 722 000 111");
  });

  test("leaves nothing of itself, stays pending, and says why without naming anybody", async () => {
    const id = await receive("evt_1");
    await expect(work(id, fails)).rejects.toThrow();
    await expect(work(id, fails, 2)).rejects.toThrow();
    expect(await applied()).toEqual([]);
    expect(await standing()).toEqual([
      {
        status: "received",
        outcome: null,
        attempts: 2,
        last_error: "Error the patient [email] has no number [number]",
      },
    ]);
    await work(id, vendor(), 3);
    expect(await applied()).toEqual(["evt_1:body"]);
    expect(await standing()).toMatchObject([{ status: "processed", attempts: 3, last_error: null }]);
  });

  test("at the last attempt waits for an operator, who lets it be applied", async () => {
    const id = await receive("evt_1");
    await expect(work(id, fails, 12)).rejects.toThrow();
    expect(await standing()).toMatchObject([{ status: "failed", attempts: 1 }]);
    await work(id, vendor());
    expect(await applied()).toEqual([]);

    await clinic.admin.query(`begin;
      select tests.person('root', superadmin => true); select tests.act_as('root');
      select app_public.replay_webhook('acme', 'evt_1'); select tests.act_as('the database'); commit`);
    await work(id, vendor());
    expect(await applied()).toEqual(["evt_1:body"]);
  });

  test("after the connection broke under it is as if it had not begun", async () => {
    const id = await receive("evt_1");
    const cut = vendor(async () => {
      await clinic.admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'insert into app_private.applied%' and pid <> pg_backend_pid()",
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await expect(work(id, cut)).rejects.toThrow();
    expect(await applied()).toEqual([]);
    expect(await standing()).toMatchObject([{ status: "received" }]);
    await work(id, vendor());
    expect(await applied()).toEqual(["evt_1:body"]);
  });
});

test("FND-25: a worker applies what comes within a moment of its coming", async () => {
  const worker = await startWorker({
    databaseUrl: clinic.urls.worker,
    ...nowhere,
    log: pino({ level: "silent" }),
    timed: false,
    tasks: taskList({ webhooks: vendor() } as never),
  });
  try {
    await Promise.all(["evt_1", "evt_2", "evt_3"].map((id) => receive(id)));
    await eventually(async () => (await applied()).length === 3, "three deliveries");
    await eventually(async () => {
      const { rows } = await clinic.admin.query("select from graphile_worker._private_jobs");
      return rows.length === 0;
    }, "no job to be left");
  } finally {
    await worker.stop();
  }
});
