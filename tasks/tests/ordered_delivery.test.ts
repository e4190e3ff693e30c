import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Consumer } from "../consumer.ts";
import { drain } from "../drain.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("two drains commit beside each other");
});
afterEach(() => clinic.admin.query("delete from app_private.event_deliveries"));
afterAll(() => clinic.drop());

/** Publishes as many events about one subject; answers with the subject and the events in order. */
async function publish(count: number): Promise<{ subjectId: string; events: string[] }> {
  const { rows } = await clinic.admin.query<{ id: string; subject_id: string }>(
    `insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
     select tests.id('atlas'), 'booking_request.received', 1, 'booking_request', subject.id, '{}', now()
     from (select uuidv7() as id) as subject, generate_series(1, $1) as n order by n
     returning id, subject_id`,
    [count],
  );
  return { subjectId: rows[0]?.subject_id as string, events: rows.map(({ id }) => id) };
}

const run = (consume: Consumer, subjectId: string, abortSignal = new AbortController().signal) =>
  drain(
    { notifications: consume },
    { consumer: "notifications", subjectId },
    { withPgClient: clinic.withPgClient, abortSignal },
  );

describe("a consumer is told about a subject in order, each event once (FND-14)", () => {
  test("everything pending, oldest first, and nothing the second time", async () => {
    const { subjectId, events } = await publish(5);
    const told: string[] = [];
    await run(async (_, { id }) => void told.push(id), subjectId);
    await run(async (_, { id }) => void told.push(id), subjectId);
    expect(told).toEqual(events);
  });

  test("a failing event holds back those after it, and is the first of the retry", async () => {
    const { subjectId, events } = await publish(4);
    const told: string[] = [];
    const failing: Consumer = async (_, { id }) => {
      if (id === events[1]) throw new Error("the vendor is not there for ana@people.test");
      told.push(id);
    };
    await expect(run(failing, subjectId)).rejects.toThrow();
    await expect(run(failing, subjectId)).rejects.toThrow();
    expect(told).toEqual([events[0]]);

    const { rows } = await clinic.admin.query(
      "select attempts, last_error, delivered_at from app_private.event_deliveries where event_id = $1",
      [events[1]],
    );
    expect(rows).toEqual([
      { attempts: 2, last_error: expect.stringContaining("the vendor is not there"), delivered_at: null },
    ]);
    expect(rows[0].last_error).not.toContain("ana@people.test");

    await run(async (_, { id }) => void told.push(id), subjectId);
    expect(told).toEqual(events);
  });

  test("what a consumer wrote before it failed is gone", async () => {
    const { subjectId, events } = await publish(1);
    const writing: Consumer = async (client) => {
      await client.query("select app_private.beat('written by the consumer', 'host', 1)");
      throw new Error("too late");
    };
    await expect(run(writing, subjectId)).rejects.toThrow("too late");
    const { rows } = await clinic.admin.query(
      "select (select count(*)::int from app_private.worker_heartbeats) as written, (select attempts from app_private.event_deliveries where event_id = $1)",
      [events[0]],
    );
    expect(rows).toEqual([{ written: 0, attempts: 1 }]);
  });

  test("two drains at once tell nothing twice and nothing out of order", async () => {
    const { subjectId, events } = await publish(12);
    const told: string[] = [];
    let telling = 0;
    const slow: Consumer = async (_, { id }) => {
      telling += 1;
      expect(telling).toBe(1);
      await sleep(5);
      told.push(id);
      telling -= 1;
    };
    await Promise.all([run(slow, subjectId), run(slow, subjectId), run(slow, subjectId)]);
    expect(told).toEqual(events);
  });

  test("subjects do not wait for each other", async () => {
    const [one, other] = [await publish(1), await publish(1)];
    const told: string[] = [];
    const nested: Consumer = async (_, { id }) => {
      if (id === one.events[0]) await run(nested, other.subjectId);
      told.push(id);
    };
    await run(nested, one.subjectId);
    expect(told).toEqual([other.events[0], one.events[0]]);
  });

  test("a worker that leaves stops between two events and fails the job, so that the rest is told later", async () => {
    const { subjectId, events } = await publish(3);
    const leaving = new AbortController();
    const told: string[] = [];
    await expect(
      run(
        async (_, { id }) => {
          told.push(id);
          leaving.abort();
        },
        subjectId,
        leaving.signal,
      ),
    ).rejects.toThrow();
    expect(told).toEqual([events[0]]);
    await run(async (_, { id }) => void told.push(id), subjectId);
    expect(told).toEqual(events);
  });

  test("positions follow commits: the second to publish about a subject waits for the first", async () => {
    const subjectId = "0190c0de-0000-7000-8000-00000000000a";
    const publishing = `select app_private.publish('organization.created', tests.id('atlas'), '${subjectId}', '{"slug": "a"}') as id`;
    const [first, second] = [await clinic.admin.connect(), await clinic.admin.connect()];
    try {
      await first.query("begin");
      const early = await first.query(publishing);
      let committed = false;
      const late = second.query(publishing).then((result) => {
        expect(committed).toBe(true);
        return result;
      });
      await sleep(100);
      committed = true;
      await first.query("commit");
      const last = await late;
      const order = await clinic.admin.query(
        "select id from app_private.events where subject_id = $1 order by position",
        [subjectId],
      );
      expect(order.rows).toEqual([early.rows[0], last.rows[0]]);
    } finally {
      first.release();
      second.release();
    }
  });
});
