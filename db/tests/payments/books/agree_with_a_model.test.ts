import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertyRuns } from "../../../testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { prepare, run } from "./payment_history.ts";
import { Model } from "./payment_model.ts";
import type { AttemptReport, RefundReport, Step } from "./payment_rules.ts";

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

const few = fc.constantFrom(0, 0, 1, 2);
const at = fc.integer({ min: 1, max: 6 });
const money = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2500 }));
const invoice: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("invoice" as const),
  lines: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1000 })), {
    minLength: 1,
    maxLength: 4,
  }),
  taxPercent: fc.constantFrom(0, 19, 21),
  dueIn: few,
  hasDocument: fc.boolean(),
});
const attemptStatus = fc.constantFrom<AttemptReport[]>(
  "processing",
  "succeeded",
  "succeeded",
  "failed",
  "canceled",
  "unknown",
);
const refundStatus = fc.constantFrom<RefundReport[]>(
  "processing",
  "succeeded",
  "failed",
  "failed",
  "unknown",
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: invoice },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("document" as const, "settle" as const), invoice: few }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("transfer" as const),
      invoice: few,
      amount: money,
      reference: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("credit" as const),
      invoice: few,
      amounts: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("discount" as const), invoice: few, amount: money }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("void" as const, "writeOff" as const), invoice: few }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("charge" as const), invoice: few }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      attempt: few,
      status: attemptStatus,
      at,
      isOther: fc.nat(9).map((n) => n === 0),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("refund" as const), payment: few, amount: money }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("refundReport" as const), refund: few, status: refundStatus, at }),
  },
);

/** Often a card pays at once, or there would be little to refund. */
const begin: fc.Arbitrary<Step[]> = fc
  .tuple(invoice, fc.boolean(), fc.constantFrom<AttemptReport[]>("succeeded", "succeeded", "failed"))
  .map(([first, isCharged, status]) => [
    isCharged ? { ...first, hasDocument: true } : first,
    ...(isCharged
      ? ([
          { do: "charge", invoice: 0 },
          { do: "report", attempt: 0, status, at: 2, isOther: false },
        ] satisfies Step[])
      : []),
  ]);

/** A vendor is asked for the money of an invoice, and has not answered. */
const underWay: Step[] = [
  { do: "invoice", lines: [700], taxPercent: 19, dueIn: 0, hasDocument: true },
  { do: "charge", invoice: 0 },
];

test("BIL-05, BIL-07: whatever is paid, transferred, credited, refunded and reported, the books come to what the rules say, to the coin, and no invoice is paid twice", async () => {
  const met = new Set<string>();
  await fc.assert(
    fc.asyncProperty(begin, fc.array(step, { minLength: 6, maxLength: 40 }), async (first, more) => {
      const steps: Step[] = [...first, ...more];
      const model = new Model();
      const said = steps.map((one) => model.take(one));
      const expected = { said, books: model.books() };
      expect(await run(client, steps)).toEqual(expected);
      // Each document sums to zero, so that all of them do.
      expect(Object.values(expected.books.accounts).reduce((total, one) => total + one, 0)).toBe(0);
      for (const [status, state] of expected.books.invoices) met.add(status).add(state);
      for (const answer of said) if (!/^\d+$/.test(answer)) met.add(answer);
    }),
    { ...propertyRuns(60), examples: [[underWay, [{ do: "void", invoice: 0 }]]] },
  );
  // Or the agreement would say little.
  for (const word of [
    ...["issued", "paid", "void", "uncollectible", "unpaid", "partially_paid", "overpaid", "processing"],
    ...["succeeded", "failed", "canceled", "unknown", "repeat", "waits"],
    ...["charge_under_way", "credit_exceeds_invoice", "credit_exceeds_line"],
    ...["illegal_move", "invoice_document_missing"],
    ...["invoice_not_creditable", "refund_exceeds_payment", "transfer_recorded_otherwise"],
  ])
    expect(met).toContain(word);
});

test("BIL-05: reports of a charge and of a refund, in any order and however often, leave one truth", async () => {
  const charged: Step[] = [
    { do: "invoice", lines: [700, 300], taxPercent: 19, dueIn: 0, hasDocument: true },
    { do: "charge", invoice: 0 },
  ];
  const report = fc.record({
    do: fc.constant("report" as const),
    attempt: fc.constant(0),
    status: fc.constantFrom<AttemptReport[]>("succeeded", "failed", "canceled"),
    at,
    isOther: fc.constant(false),
  });
  const refundReport = fc.record({
    do: fc.constant("refundReport" as const),
    refund: fc.constant(0),
    status: fc.constantFrom<RefundReport[]>("processing", "succeeded", "failed"),
    at,
  });
  const refunded: Step[] = [
    { do: "report", attempt: 0, status: "succeeded", at: 1, isOther: false },
    { do: "refund", payment: 0, amount: 500 },
  ];
  const shuffled = <T>(reports: T[]) =>
    fc.array(fc.nat(reports.length - 1), { maxLength: 4 }).chain((twice) => {
      const all = [...reports, ...twice.map((place) => reports[place] as T)];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
  const orders = fc
    .tuple(
      fc.array(report, { minLength: 1, maxLength: 5 }),
      fc.array(refundReport, { minLength: 1, maxLength: 5 }),
    )
    .chain(([reports, refundReports]) =>
      fc.record({
        reports: fc.constant(reports),
        otherwise: shuffled(reports),
        refundReports: fc.constant(refundReports),
        refundOtherwise: shuffled(refundReports),
      }),
    );
  await fc.assert(
    fc.asyncProperty(orders, async ({ reports, otherwise, refundReports, refundOtherwise }) => {
      const one = await run(client, [...charged, ...reports]);
      expect((await run(client, [...charged, ...otherwise])).books).toEqual(one.books);
      const refund = await run(client, [...charged, ...refunded, ...refundReports]);
      expect((await run(client, [...charged, ...refunded, ...refundOtherwise])).books).toEqual(refund.books);
    }),
    propertyRuns(10),
  );
});
