import { readFileSync } from "node:fs";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { prepare, run } from "./bill_history.ts";
import { Model } from "./bill_model.ts";
import { type History, type Limit, meters, type Step, type Tier } from "./bill_rules.ts";

/** BILLING_HISTORIES=10000 runs as many; about ten minutes. */
const histories = Number(process.env.BILLING_HISTORIES ?? 150);

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

const price = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom("", ".5", ".25", ".333", ".0049"))
  .map(([units, fraction]) => `${units}${fraction}`);
const limit: fc.Arbitrary<Limit> = fc.option(
  fc.record({
    included: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 6 }),
    price: fc.option(price, { freq: 6 }),
    hard: fc.constantFrom(false, false, false, true),
  }),
  { freq: 4 },
);
const tier: fc.Arbitrary<Tier> = fc.record({
  monthly: fc.constantFrom(0, 1, 4999, 9_900, 49_900, 120_007),
  annual: fc.constantFrom(0, 7, 49_990, 499_000, 1_200_011),
  setup: fc.constantFrom(0, 100_000),
  markup: fc.constantFrom(0, 3000, 3333, 12_345),
  limits: fc.record(Object.fromEntries(Object.keys(meters).map((meter) => [meter, limit]))),
});
const days = (from: string, to: string) =>
  fc.integer({ min: Date.parse(from) / 86_400_000, max: Date.parse(to) / 86_400_000 });
/** Any day, and those whose months are too short or whose clocks change. */
const firstDay = fc.oneof(
  days("2027-01-01", "2028-12-31"),
  fc.constantFrom(
    ...["2027-01-31", "2028-01-31", "2028-02-29", "2027-08-31", "2027-03-28", "2027-04-30", "2027-10-31"].map(
      (day) => Date.parse(day) / 86_400_000,
    ),
  ),
);
/** Mostly of these days; now and then of months before, and told late. */
const back = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 120_000 }) },
);
const use = fc.record({
  do: fc.constant("use"),
  meter: fc.constantFrom(...Object.keys(meters)),
  /** Few, so that some come again with other content, and many. */
  key: fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 4, arbitrary: fc.integer({ min: 4, max: 1_000_000 }) },
  ),
  quantity: fc.constantFrom("1", "2", "7", "12.5", "0.125", "30"),
  subject: fc.integer({ min: 0, max: 4 }),
  back,
});
const one: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: use },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("advance"), days: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("advance"), days: fc.integer({ min: 20, max: 70 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("ai"), cost: fc.option(price, { freq: 4 }), back }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("price"), cost: price }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("change"), tier: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cadence"), annual: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "again" }) },
) as fc.Arbitrary<Step>;
/** What is told twice in a row, changes nothing. */
const twice = (steps: Step[]) =>
  steps.flatMap((step) => (step.do === "use" && step.key % 7 === 0 ? [step, step] : [step]));
const history: fc.Arbitrary<History> = fc.record({
  tiers: fc.array(tier, { minLength: 3, maxLength: 3 }),
  zone: fc.constantFrom(
    "Europe/Bucharest",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Auckland",
  ),
  firstDay,
  trialDays: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
  ),
  annual: fc.constantFrom(false, false, true),
  dedicated: fc.constantFrom(false, false, true),
  tier: fc.integer({ min: 0, max: 2 }),
  steps: fc
    .tuple(fc.array(one, { minLength: 8, maxLength: 30 }), fc.constantFrom("", "", "cancel"))
    .map(([steps, end]) =>
      twice([
        ...steps,
        { do: "advance", days: 31 },
        ...(end === "cancel" ? [{ do: "cancel" } as const] : []),
        { do: "again" },
      ]),
    ),
});

test(
  `BIL-02: of whatever happens the bills are those of the rules, computed a second time (${histories} histories)`,
  async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const model = new Model(given);
        for (const step of given.steps) model.take(step);
        const outcome = await run(client, given);
        expect(outcome).toEqual({ bills: model.bills, conflicts: model.usage.conflicts.size, problems: [] });
        for (const { lines, carried, invoiced } of outcome.bills) {
          for (const [kind] of lines) met.add(kind);
          if (carried !== "0") met.add("carried over");
          if (invoiced === null) met.add("no invoice");
        }
        if (outcome.conflicts > 0) met.add("conflict");
      }),
      propertyRuns(histories),
    );
    // Or the agreement would say little.
    expect([...met].sort()).toEqual([
      "ai",
      "carried over",
      "conflict",
      "credit",
      "late_ai",
      "late_overage",
      "no invoice",
      "overage",
      "plan",
      "plan_change",
      "setup",
    ]);
  },
  60_000 + 2_000 * histories,
);

test("BIL-02: the worked example of the guide is what is billed", async () => {
  const limits = (included: number) => ({
    ...Object.fromEntries(Object.keys(meters).map((meter) => [meter, null])),
    sent: { included, price: "12.5", hard: false },
  });
  const tier = { annual: 0, setup: 0, markup: 3000 };
  const sent = (count: number, back: number, first: number): Step[] =>
    Array.from({ length: count }, (_, nth) => ({
      do: "use",
      meter: "sent",
      key: first + nth,
      quantity: "1",
      subject: 0,
      back,
    }));
  const given: History = {
    tiers: [
      { ...tier, monthly: 10_000, limits: limits(100) },
      { ...tier, monthly: 31_000, limits: limits(400) },
    ],
    zone: "Europe/Bucharest",
    firstDay: Date.parse("2027-03-01") / 86_400_000,
    trialDays: 0,
    annual: false,
    dedicated: false,
    tier: 0,
    steps: [
      { do: "advance", days: 10 },
      { do: "change", tier: 1 },
      ...sent(350, 60, 1),
      { do: "ai", cost: "100.4", back: 60 },
      { do: "advance", days: 25 },
      ...sent(5, 6 * 1440, 1_001),
      { do: "advance", days: 26 },
    ],
  };
  const { bills, problems } = await run(client, given);
  expect(problems).toEqual([]);
  const billed = bills
    .filter(({ period }) => period < 2)
    .flatMap(({ kind, lines }) => lines.map(([line, , amount]) => `${kind} ${line} ${amount}`));
  const guide = readFileSync(new URL("../../../../docs/guides/billing.md", import.meta.url), "utf8");
  const told = [...guide.matchAll(/^\| (advance|period) \| (\w+) \| .* \| (-?\d+) \|$/gm)].map(
    ([, kind, line, amount]) => `${kind} ${line} ${amount}`,
  );
  // The month of April is billed in advance before March's late usage is told.
  expect(billed).toEqual(told);
});
