import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "workers close periods, clinics use things and the queue is filled beside each other",
  });
  await furnish(
    database,
    `select tests.bill_meter('sent', 'count'), tests.bill_tier('Pro', 49900, '{"sent": [1, 10]}')`,
  );
});
afterAll(() => database.drop());

/** A clinic whose first month ended with four messages, three of them beyond the allowance. */
let clinics = 0;
let clinic = "";
beforeEach(async () => {
  clinic = `clinic-${++clinics}`;
  await furnish(
    database,
    `select tests.clinic('${clinic}'), tests.bill_subscription('${clinic}', 'Pro', '2026-03-01', 2);
     select tests.bill_open('${clinic}', 1);
     select tests.bill_use('${clinic}', 'sent', 1, '2026-03-02 10:00+02') from generate_series(1, 4)`,
  );
});

const act = (sql: string): Act => ({ as: "the database", sql });
const close = (of = clinic) => act(`select (tests.bill_close('${of}', 1)).id`);
const use = (key: string) =>
  act(`select tests.bill_use('${clinic}', 'sent', 1, '2026-03-03 10:00+02', '${key}')::text`);
const invoices = () =>
  ask<string>(
    database,
    `select string_agg(kind || ' ' || net_amount, ', ' order by issued_at, id) from app_public.invoices where organization_id = tests.id('${clinic}')`,
  );
const problems = () =>
  ask<number>(
    database,
    `select count(*)::int from (select problem from app_private.verify_bills(tests.id('${clinic}')) union all select 'number' from app_private.verify_numbers()) as wrong`,
  );

test("BIL-02: who closes a period that another closes waits, and gets the same invoice", async () => {
  const outcome = await oneBehindTheOther(database, close(), close());
  expect(outcome.waited).toBe(true);
  expect(outcome.second).toEqual(outcome.first);
  expect(await invoices()).toBe("advance 49900, period 30");
  expect(await problems()).toBe(0);
});

test("BIL-02: ten at once make one invoice", async () => {
  const outcomes = await atOnce(
    database,
    Array.from({ length: 10 }, () => close()),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(await invoices()).toBe("advance 49900, period 30");
});

test("BIL-02: whoever opens a period twice at once bills the plan once", async () => {
  const open = act(`select (tests.bill_open('${clinic}', 2)).id`);
  const outcome = await oneBehindTheOther(database, open, open);
  expect([outcome.waited, outcome.second]).toEqual([true, outcome.first]);
  expect(await invoices()).toBe("advance 49900, advance 49900");
});

test("BIL-02, FND-24: usage that is told while a period closes waits, and is billed with the next", async () => {
  const outcome = await oneBehindTheOther(database, close(), use("late"));
  expect(outcome.waited).toBe(true);
  expect(await invoices()).toBe("advance 49900, period 30");
  await atOnce(database, [act(`select (tests.bill_close('${clinic}', 2)).id`)]);
  expect(await invoices()).toBe("advance 49900, period 30, period 10");
  expect(await problems()).toBe(0);
});

test("BIL-02, FND-24: a period waits for usage that is being told, and bills it", async () => {
  const outcome = await oneBehindTheOther(database, use("just in time"), close());
  expect(outcome.waited).toBe(true);
  expect(await invoices()).toBe("advance 49900, period 40");
  expect(await problems()).toBe(0);
});

test("BIL-02, BIL-07: clinics that are billed at once have numbers without gaps, also where one is taken back", async () => {
  const others = ["one", "two", "three", "four"].map((name) => `${clinic}-${name}`);
  for (const other of others) {
    await furnish(
      database,
      `select tests.clinic('${other}'), tests.bill_subscription('${other}', 'Pro', '2026-03-01', 1);
       select tests.bill_use('${other}', 'sent', 1, '2026-03-02 10:00+02') from generate_series(1, 3)`,
    );
  }
  // It has taken a number, and fails: the second, who waited for it, takes the same.
  const fails: Act = { ...close(), andThen: "select 1 / 0" };
  await oneBehindTheOther(database, fails, close(others[0]));
  await atOnce(
    database,
    [...others, clinic].map((of) => close(of)),
  );
  expect(await problems()).toBe(0);
  expect(await ask(database, "select count(*) = max(number) from app_public.invoices")).toBe(true);
});
