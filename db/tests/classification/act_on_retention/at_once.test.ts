import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

let database: TestDatabase;
let one: pg.Client;
let other: pg.Client;
/** Who waits in vain for the other fails, and does not hang. */
const session = () => new pg.Client({ connectionString: database.urls.admin, lock_timeout: 30_000 });
beforeAll(async () => {
  database = await createTestDatabase({ because: "two sessions end rows, and commit" });
  [one, other] = [session(), session()];
  await Promise.all([one.connect(), other.connect()]);
  await one.query("select tests.clinic('atlas')");
  // Nobody is to be told about the events of this test.
  await one.query("delete from app_private.event_subscriptions where event_name = 'organization.created'");
});
afterAll(async () => {
  await Promise.all([one.end(), other.end()]);
  await database.drop();
});

const days = 2_200; // more than five years
const count = async (table: string) =>
  Number(
    (await one.query(`select count(*) from ${table} where organization_id = tests.id('atlas')`)).rows[0]
      .count,
  );
const removed = async () =>
  Number(
    (
      await one.query(
        "select removed from app_private.retention_runs where table_name = 'app_private.events'",
      )
    ).rows[0].removed,
  );
const end = async (table: string, by = one, upTo = 1_000) =>
  Number(
    (await by.query("select app_private.act_on_retention($1, 'correspondence', $2) as n", [table, upTo]))
      .rows[0].n,
  );
const tell = (by: pg.Client, event = "null", status = "failed") =>
  by.query(
    `insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version,
       recipient_name, recipient_email, address, data, event_id, expires_at, created_at)
     values (tests.id('atlas'), 'appointment_booked', 'email', 'letter', 1, 'ro', 1, 'A', 'a@people.test', 'a@people.test',
       '{}', ${event}, now(), now() - interval '${days} days');
     update app_public.messages set status = '${status}', reason = 'why' where status = 'queued' and '${status}' <> 'queued'`,
  );

beforeEach(async () => {
  await one.query("begin; set local session_replication_role = replica");
  for (const table of ["app_private.event_deliveries", "app_public.messages", "app_private.events"])
    await one.query(`delete from ${table}`);
  await one.query("commit");
  await one.query(
    `insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
     select tests.id('atlas'), 'organization.created', 1, 'organization', tests.id('atlas'), '{}', now() - interval '${days} days'
     from generate_series(1, 100)`,
  );
});

// Where an expectation failed, the next test must not meet its transaction.
afterEach(() => other.query("rollback"));

test("GDP-03: an event that somebody is being told about just now stays, and so does what it is about", async () => {
  await other.query("begin");
  await tell(other, "(select id from app_private.events where position = 7)");
  expect(await end("app_private.events")).toBe(99);
  await other.query("commit");
  expect(await end("app_private.events")).toBe(0);
  expect(await end("app_public.messages")).toBe(1);
  expect(await end("app_private.events")).toBe(1);
});

test("FND-15: a message that a worker has in hand stays until it is over", async () => {
  await tell(one);
  await tell(one, "null", "queued");
  await other.query("begin");
  await other.query("select from app_public.messages where status = 'queued' for update");
  await other.query(
    "update app_public.messages set status = 'skipped', reason = 'expired' where status = 'queued'",
  );
  expect(await end("app_public.messages")).toBe(1);
  await other.query("rollback");
  expect(await end("app_public.messages")).toBe(0);
  expect(await count("app_public.messages")).toBe(1);
});

test("GDP-03: two at once share what is over, and neither fails nor removes twice", async () => {
  const before = await removed();
  for (let message = 0; message < 10; message++) await tell(one);
  await other.query("begin");
  expect([await end("app_private.events", other, 60), await end("app_public.messages", other, 4)]).toEqual([
    60, 4,
  ]);
  // The count of the rule is the first one's until it commits.
  const second = end("app_private.events");
  await other.query("commit");
  expect([await second, await end("app_public.messages")]).toEqual([40, 6]);
  expect([await count("app_private.events"), await count("app_public.messages")]).toEqual([0, 0]);
  expect(await removed()).toBe(before + 100);
});
