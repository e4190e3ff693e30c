import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { prepare, run, type Taken } from "./plan_history.ts";
import { Model } from "./plan_model.ts";
import type { Kind, Months, Status, Step, Terms, Tier } from "./plan_rules.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because:
      "fast-check makes the histories, each a transaction that is rolled back, under a clock that stands",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  await prepare(client);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const months = fc.constantFrom<Months[]>(1, 3, 12);
const kind = fc.constantFrom<Kind[]>("sessions", "sessions", "sessions", "treatment_plan_assignments");
const terms: fc.Arbitrary<Terms> = fc.record({
  period: fc.constantFrom<Months[]>(1, 1, 1, 3, 12),
  quantity: fc.constantFrom(1, 1, 2, 3),
  carry: fc.boolean(),
  prorate: fc.boolean(),
});
const perhaps = fc.option(terms, { freq: 2 });
const tiers: fc.Arbitrary<Tier[]> = fc.array(
  fc.record({ billing: months, includes: fc.tuple(perhaps, perhaps, perhaps) }),
  { minLength: 3, maxLength: 3 },
);
const tier = fc.integer({ min: 0, max: 2 });
/** Few that come again, and enough to use up a plan. */
const few = fc.integer({ min: 0, max: 4 });
const subject = fc.oneof(few, fc.integer({ min: 5, max: 30 }));
const status = fc.constantFrom<Status[]>("trialing", "active", "active", "past_due", "past_due", "canceled");
const start = fc.record({
  do: fc.constant("start"),
  tier,
  status: fc.constantFrom("pending", "trialing", "active"),
  trialDays: fc.integer({ min: 1, max: 40 }),
}) as fc.Arbitrary<Step>;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("advance"), days: fc.integer({ min: 1, max: 70 }) }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant("debit"), subject, kind }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("restore"), subject: few, kind }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("move"), to: status }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tier"), tier }) },
  { weight: 2, arbitrary: start },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("buy") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle") }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("ends"), days: fc.option(fc.integer({ min: 1, max: 90 })) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("edit"), tier, plan: tier, terms: perhaps }),
  },
) as fc.Arbitrary<Step>;

/** The same history by a worker that is never late, and with everything that may be said twice said twice. */
function withoutOutage(steps: Step[]): Taken[] {
  return steps.flatMap((one): Taken[] => {
    if (one.do === "advance") {
      const half = Math.floor(one.days / 2);
      return [
        { do: "advance", days: half, quiet: true },
        { do: "settle", quiet: true },
        { do: "advance", days: one.days - half },
        { do: "settle", quiet: true },
        { do: "settle", quiet: true },
      ];
    }
    return one.do === "debit" ? [one, { ...one, quiet: true }] : [one];
  });
}

test("CAT-04, CAT-06, FND-21: whatever happens to plans and tiers, the ledger says what the rules say, and the same with and without outages and repetition", async () => {
  const met = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      tiers,
      fc.integer({ min: 20_820, max: 21_600 }),
      start,
      fc.array(step, { minLength: 4, maxLength: 30 }),
      async (given, firstDay, first, more) => {
        const steps: Step[] = [first, ...more];
        const model = new Model(given, firstDay);
        const said = steps.map((one) => model.take(one));
        const expected = { said, ...model.outcome() };
        expect(await run(client, given, firstDay, steps)).toEqual(expected);
        expect(await run(client, given, firstDay, withoutOutage(steps))).toEqual(expected);
        for (const lines of Object.values(expected.ledgers)) for (const [entry] of lines) met.add(entry);
        for (const [reached] of expected.subscriptions) met.add(reached);
        for (const answer of said) if (!answer.includes(":")) met.add(answer);
      },
    ),
    propertyRuns(30),
  );
  // Or the agreement would say little.
  expect([...met].sort()).toEqual([
    "active",
    "already_subscribed",
    "canceled",
    "carry",
    "debit",
    "expire",
    "expired",
    "grant",
    "illegal_move",
    "move_not_allowed",
    "not_in_a_plan",
    "nothing",
    "nothing_left",
    "ok",
    "past_due",
    "pending",
    "restore",
    "subscription_is_not_running",
    "trialing",
  ]);
});
