import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, type Outcome, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "bookings, payments and the worker commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.tier('silver'), tests.tier('gold');
     select tests.plan('two', 2), tests.plan('monthly', 3);
     select tests.includes('silver', 'monthly'), tests.includes('gold', 'monthly', quantity => 2)`,
  );
});
afterAll(() => database.drop());

/** Somebody new, with two sessions. */
let patients = 0;
let patient = "";
beforeEach(async () => {
  patient = `patient ${++patients}`;
  await furnish(
    database,
    `select tests.patient('${patient}', 'atlas', account => false), tests.has_plan('${patient}', 'two')`,
  );
});

const visit = (n: number) => `md5('${patient} ${n}')::uuid`;
const debit = (n: number): Act => ({
  as: "the database",
  sql: `select (app_private.debit_entitlement(tests.id('atlas'), tests.id('${patient}'), 'sessions', 'appointment', ${visit(n)})).balance`,
});
const restore = (n: number): Act => ({
  as: "the database",
  sql: `select (app_private.restore_entitlement(tests.id('atlas'), 'sessions', 'appointment', ${visit(n)})).balance`,
});
const settle = (): Act => ({
  as: "the database",
  sql: `select app_private.settle_due_plans(tests.id('atlas'), tests.id('${patient}'))::text`,
});
const start = (tier: string): Act => ({
  as: "adrian",
  sql: `select (app_public.start_subscription(tests.id('${patient} at atlas'), tests.id('${tier}'))).status`,
});
const subscription = () =>
  `(select id from app_public.patient_subscriptions where patient_profile_id = tests.id('${patient}') order by id desc limit 1)`;
const move = (to: string): Act => ({
  as: "adrian",
  sql: `select (app_public.move_subscription(${subscription()}, '${to}')).status`,
});
const change = (tier: string): Act => ({
  as: "adrian",
  sql: `select (app_public.change_subscription_tier(${subscription()}, tests.id('${tier}'))).status`,
});
const used = { code: "RX402", reason: "nothing_left" };
const entries = (entry: string) =>
  ask<number>(
    database,
    `select count(*)::int from app_public.entitlement_entries l
     join app_public.patient_entitlements e on e.id = l.patient_entitlement_id
     join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
     where p.patient_profile_id = tests.id('${patient}') and l.entry = '${entry}'`,
  );
/** What no order may break, asked of the entries alone. */
const broken = () =>
  ask<number>(
    database,
    `select count(*)::int from (
       select from app_public.entitlement_entries l
       join lateral (
         select sum(quantity) as sum, count(*) as number from app_public.entitlement_entries before
         where before.patient_entitlement_id = l.patient_entitlement_id and before.number <= l.number) as until on true
       where l.balance < 0 or l.balance <> until.sum or l.number <> until.number
       union all
       select from app_public.entitlement_entries where subject_id is not null
       group by subject_id having sum(quantity) not in (0, -1)
     ) as wrong`,
  );

test("two who want the last session: the second waits, and is refused (CAT-04)", async () => {
  await atOnce(database, [debit(1)]);
  expect(await oneBehindTheOther(database, debit(2), debit(3))).toEqual({
    first: { value: 0 },
    second: used,
    waited: true,
  });
  expect(await broken()).toBe(0);
});

test("one visit that is booked twice at once uses one session, and gives back one (CAT-04)", async () => {
  const twice = await oneBehindTheOther(database, debit(1), debit(1));
  expect(twice).toEqual({ first: { value: 1 }, second: { value: 1 }, waited: true });
  expect(await entries("debit")).toBe(1);
  const back = await oneBehindTheOther(database, restore(1), restore(1));
  expect(back).toEqual({ first: { value: 2 }, second: { value: null }, waited: true });
  expect(await entries("restore")).toBe(1);
});

test("a session that is given back is there for who waits for it (CAT-04)", async () => {
  await atOnce(database, [debit(1)]);
  await atOnce(database, [debit(2)]);
  const outcome = await oneBehindTheOther(database, restore(1), debit(3));
  expect(outcome).toEqual({ first: { value: 1 }, second: { value: 0 }, waited: true });
});

test("two subscriptions at once: one is live (FND-21)", async () => {
  expect(await oneBehindTheOther(database, start("silver"), start("gold"))).toEqual({
    first: { value: "active" },
    second: { code: "RX409", reason: "already_subscribed" },
    waited: true,
  });
});

test("what is not paid gives nothing to a booking that waited for it (CAT-06, CAT-08)", async () => {
  await atOnce(database, [start("silver")]);
  await furnish(
    database,
    `select app_public.patient_entitlements_balance(e), app_private.write_entry(e, 'expire', -2, now())
     from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
     where p.patient_profile_id = tests.id('${patient}') and p.source_tier_subscription_id is null`,
  );
  const outcome = await oneBehindTheOther(database, move("past_due"), debit(1));
  expect(outcome).toEqual({ first: { value: "past_due" }, second: used, waited: true });
});

test("three workers that come late at once give each month once (CAT-06)", async () => {
  await atOnce(database, [start("silver")]);
  await furnish(
    database,
    `update app_public.patient_subscriptions set anchor_on = anchor_on - 100 where patient_profile_id = tests.id('${patient}')`,
  );
  const before = await entries("grant");
  expect(await atOnce(database, [settle(), settle(), debit(1), settle()])).toEqual([
    { value: "" },
    { value: "" },
    { value: expect.any(Number) },
    { value: "" },
  ]);
  expect(await entries("grant")).toBe(before + 3);
  expect(await broken()).toBe(0);
});

test("whatever comes at once ends, and the ledger adds up (CAT-04, CAT-06)", async () => {
  const rounds = Number(process.env.RACE_ROUNDS ?? 12);
  await atOnce(database, [start("silver")]);
  let seed = 7;
  const next = (bound: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * bound);
  };
  const outcomes: Outcome[] = [];
  for (let round = 0; round < rounds; round++) {
    const acts = Array.from({ length: 6 }, (): Act => {
      const visits = next(8);
      return [
        debit(visits),
        debit(visits),
        debit(next(8)),
        restore(visits),
        settle(),
        change(next(2) ? "gold" : "silver"),
        move(next(2) ? "past_due" : "active"),
      ][next(7)] as Act;
    });
    outcomes.push(...(await atOnce(database, acts)));
  }
  const refusals = new Set(outcomes.flatMap((outcome) => ("reason" in outcome ? [outcome.reason] : [])));
  const expected = ["nothing_left", "not_in_a_plan", "illegal_move", "subscription_is_not_running"];
  expect([...refusals].filter((reason) => !expected.includes(reason))).toEqual([]);
  expect(await broken()).toBe(0);
});
