import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "two requests under one key commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas');
     select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}');
     select tests.calendar('days', '{stefan}');`,
  );
});
afterEach(() => database.drop());

/** The first free time of the calendar, or a later one, held under an idempotency key. */
const hold = (key: string, free = 0): Act => ({
  as: "a visitor",
  sql: `select (app_public.hold_slot(tests.id('days'), (
          select date_trunc('week', now() at time zone 'Europe/Bucharest') at time zone 'Europe/Bucharest'
            + interval '7 days 9 hours' + ${free} * interval '1 hour'))).token
        from set_config('app.idempotency_key', '${key}', true)`,
});
const holds = () => ask(database, "select count(*)::int from app_private.time_claims");
const remembered = () => ask(database, "select count(*)::int from app_private.remembered_mutations");

test("the same request twice at once: the second waits, and has the first one's hold (FND-26)", async () => {
  const { first, second, waited } = await oneBehindTheOther(database, hold("k1"), hold("k1"));
  expect(waited).toBe(true);
  expect(first).toEqual({ value: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(second).toEqual(first);
  expect(await holds()).toBe(1);
});

test("another request under the same key waits too, and is refused (FND-26)", async () => {
  const { first, second, waited } = await oneBehindTheOther(database, hold("k1"), hold("k1", 1));
  expect(waited).toBe(true);
  expect(first).toHaveProperty("value");
  expect(second).toEqual({ code: "RX422", reason: "idempotency_key_reused" });
  expect(await holds()).toBe(1);
});

test("when the first is rolled back it leaves nothing, and the second does the work (FND-26)", async () => {
  const { first, second, waited } = await oneBehindTheOther(
    database,
    { ...hold("k1"), andThen: "select 1 / 0" },
    hold("k1", 1),
  );
  expect(waited).toBe(true);
  expect(first).toMatchObject({ code: "22012" });
  expect(second).toHaveProperty("value");
  expect(await holds()).toBe(1);
  expect(await remembered()).toBe(1);
});

test("twenty times at the same moment: one hold, twenty times the same token (FND-26)", async () => {
  const outcomes = await atOnce(
    database,
    Array.from({ length: 20 }, () => hold("k1")),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(outcomes[0]).toHaveProperty("value");
  expect(await holds()).toBe(1);
  expect(await remembered()).toBe(1);
  expect(await ask(database, "select count(*)::int from app_private.events where name = 'slot.held'")).toBe(
    1,
  );
});
