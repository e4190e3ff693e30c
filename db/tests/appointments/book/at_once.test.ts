import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, type Outcome, oneBehindTheOther } from "../../at_once.ts";
import { imbalances } from "../../books.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "bookings, cancellations and moves of one patient commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk');
     select tests.specialist('stefan', '{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]],
       "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}');
     select tests.specialist('maria', '{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]],
       "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}');
     select tests.service('massage', specialists => '{stefan,maria}');
     select tests.calendar('massages', '{stefan,maria}', service => 'massage'), tests.calendar('others', '{stefan,maria}', service => 'massage');
     select tests.plan('one', 1), tests.plan('four', 4);
     select tests.patient('ana', account => false), tests.patient('bogdan', account => false), tests.patient('dan', account => false),
       tests.patient('ema', account => false);
     select tests.has_plan('ana', 'one'), tests.has_plan('dan', 'four'), tests.has_plan('ema', 'four')`,
  );
});
afterAll(() => database.drop());

/** The hour that comes so many hours after midnight, three days on. */
const hour = (n: number) => `date_trunc('day', now()) + interval '3 days' + interval '${n} hours'`;
const flavia = (sql: string): Act => ({ as: "flavia", sql });
const book = (patient: string, n: number, specialist = "null", usePlan = "null") =>
  flavia(
    `select (app_public.book_directly(tests.id('massages'), ${hour(n)}, tests.id('${patient}'), ${specialist}, use_plan => ${usePlan})).id`,
  );
const stefan = "tests.id('stefan')";
const idOf = (outcome: Outcome) => ("value" in outcome ? String(outcome.value) : "");
const appointment = async (patient: string, n: number, specialist = stefan) =>
  idOf((await atOnce(database, [book(patient, n, specialist, "false")]))[0] as Outcome);

const expectBalanced = async () => expect(await imbalances((sql) => ask(database, sql))).toEqual([]);

test("of two bookings for the last session one wins (CAT-04)", async () => {
  const outcome = await oneBehindTheOther(
    database,
    book("ana", 1, stefan, "true"),
    book("ana", 2, "tests.id('maria')", "true"),
  );
  expect(outcome.second).toEqual({ code: "RX453", reason: "session_missing" });
  expect(outcome.waited).toBe(true);
  expect("value" in outcome.first).toBe(true);
  await expectBalanced();
});

test("of two who want one time, one by moving there, one by booking it, one wins (APT-02)", async () => {
  const mine = await appointment("bogdan", 4);
  const move = flavia(
    `select (app_public.reschedule_appointment('${mine}', ${hour(5)}, specialist_id => ${stefan})).id`,
  );
  const outcome = await oneBehindTheOther(database, move, book("dan", 5, stefan));
  expect(outcome).toEqual({
    first: { value: mine },
    second: { code: "RXSLT", reason: "slot_taken" },
    waited: true,
  });
  expect("value" in ((await atOnce(database, [book("dan", 4, stefan, "false")]))[0] as Outcome)).toBe(true);
  await expectBalanced();
});

test("two appointments that change places do not both go through, and neither is lost (APT-02)", async () => {
  const mine = await appointment("bogdan", 7);
  const theirs = await appointment("dan", 8);
  const to = (id: string, n: number) =>
    flavia(`select (app_public.reschedule_appointment('${id}', ${hour(n)}, specialist_id => ${stefan})).id`);
  const outcomes = await atOnce(database, [to(mine, 8), to(theirs, 7)]);
  expect(outcomes.every((outcome) => "reason" in outcome && outcome.reason === "slot_taken")).toBe(true);
  await expectBalanced();
});

test("a cancellation and a move of one appointment: one finds what the other left (APT-01, APT-02)", async () => {
  const mine = await appointment("bogdan", 10);
  const cancel = flavia(`select (app_public.cancel_appointment('${mine}')).status`);
  const move = flavia(`select (app_public.reschedule_appointment('${mine}', ${hour(11)})).status`);
  expect(await oneBehindTheOther(database, cancel, move)).toEqual({
    first: { value: "cancelled" },
    second: { code: "RX412", reason: "appointment_is_cancelled" },
    waited: true,
  });
  const reinstate = flavia(`select (app_public.reinstate_appointment('${mine}')).status`);
  expect(await oneBehindTheOther(database, reinstate, book("dan", 10, stefan, "false"))).toMatchObject({
    first: { value: "booked" },
    second: { reason: "slot_taken" },
  });
  expect(await oneBehindTheOther(database, move, cancel)).toMatchObject({
    first: { value: "booked" },
    second: { value: "cancelled" },
  });
  await expectBalanced();
});

test("whatever a crowd books, calls off, moves and takes back, sessions, turns and times add up (CAT-04, SCH-04)", async () => {
  // A generator of our own, so that a failure can be had again.
  let seed = 20_271_103;
  const pick = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  const any = "(select id from app_public.appointments order by md5(id::text || ";
  const verbs = [
    () => book(["ana", "dan", "bogdan"][pick(3)] as string, 24 + pick(12)),
    () => flavia(`select (app_public.cancel_appointment(${any}'${pick(1e6)}') limit 1))).id`),
    () => flavia(`select (app_public.reinstate_appointment(${any}'${pick(1e6)}') limit 1))).id`),
    () =>
      flavia(
        `select (app_public.reschedule_appointment(${any}'${pick(1e6)}') limit 1), ${hour(24 + pick(12))},
           calendar_id => tests.id('${["massages", "others"][pick(2)]}'))).id`,
      ),
  ];
  const outcomes: Outcome[] = [];
  for (let round = 0; round < 12; round++) {
    outcomes.push(
      ...(await atOnce(
        database,
        Array.from({ length: 6 }, () => (verbs[pick(verbs.length)] as () => Act)()),
      )),
    );
    await expectBalanced();
  }
  expect(outcomes.filter((outcome) => "value" in outcome).length).toBeGreaterThan(15);
  expect(outcomes.filter((outcome) => "code" in outcome && !outcome.code.startsWith("RX"))).toEqual([]);
});

/** Both are under way and wait, in this order, when the plans are let go; whoever took plans before turns ends in a circle. */
async function behindThePlans(patient: string, first: Act, second: Act): Promise<Outcome[]> {
  const holder = new pg.Client(database.urls.admin);
  await holder.connect();
  const waiting = async (count: number) => {
    const sql = `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await ask<number>(database, sql)) < count) await sleep(10);
  };
  try {
    await holder.query("begin");
    await holder.query(
      "select from app_public.patient_service_plans where patient_profile_id = tests.id($1) for update",
      [patient],
    );
    const one = atOnce(database, [first]);
    await waiting(1);
    const other = atOnce(database, [second]);
    await waiting(2);
    await holder.query("commit");
    return [...(await one), ...(await other)];
  } finally {
    await holder.end();
  }
}

test("turns are given back before the plans are locked, as bookings take them: nobody waits in a circle (CAT-04, SCH-04)", async () => {
  const booked = (await atOnce(database, [book("ema", 60, stefan, "true")]))[0] as Outcome;
  const alone = await behindThePlans(
    "ema",
    flavia(`select (app_public.cancel_appointment('${idOf(booked)}')).status`),
    book("ema", 90, stefan, "true"),
  );
  expect(alone).toEqual([{ value: "cancelled" }, { value: expect.any(String) }]);

  // One with each of the two, by turn.
  const [series] = await atOnce(database, [
    flavia(
      `select id from app_public.book_series(tests.id('massages'), ${hour(62)}, tests.id('ema'), 2, use_plan => true)`,
    ),
  ]);
  const first = idOf(series as Outcome);
  const later = await ask<string>(
    database,
    `select specialist_id from app_public.appointments where series_id = '${first}' and id <> '${first}'`,
  );
  const several = await behindThePlans(
    "ema",
    flavia(`select status from app_public.cancel_series('${first}')`),
    book("ema", 91, `'${later}'`, "true"),
  );
  expect(several).toEqual([{ value: "cancelled" }, { value: expect.any(String) }]);
  await expectBalanced();
});

test("the visits of a series are locked by their ids, whatever their times: nobody waits in a circle (SCH-09, SPC-06)", async () => {
  const series = "select id from app_public.book_series(tests.id('massages'), ";
  const [made] = await atOnce(database, [
    flavia(`${series}${hour(112)}, tests.id('bogdan'), 2, specialist_id => ${stefan}, use_plan => false)`),
  ]);
  const first = idOf(made as Outcome);
  const second = await ask<string>(
    database,
    `select id from app_public.appointments where series_id = '${first}' and id <> '${first}'`,
  );
  // The first goes behind the second, so that their times say another order than their ids.
  const move = `select (app_public.reschedule_appointment('${first}', ${hour(112 + 8 * 24)}, specialist_id => ${stefan})).id`;
  expect(await atOnce(database, [flavia(move)])).toEqual([{ value: first }]);

  const locked = (id: string) => `select from app_public.appointments where id = '${id}' for update nowait`;
  const holder = new pg.Client(database.urls.admin);
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query(locked(first));
    const cancelling = atOnce(database, [flavia(`select status from app_public.cancel_series('${second}')`)]);
    const waits = `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await ask<number>(database, waits)) < 1) await sleep(10);
    // Whoever waits for the first has not locked the second.
    await holder.query(locked(second));
    await holder.query("commit");
    expect(await cancelling).toEqual([{ value: "cancelled" }]);
  } finally {
    await holder.end();
  }
  const standing = `select count(*)::int from app_public.appointments where series_id = '${first}' and status <> 'cancelled'`;
  expect(await ask<number>(database, standing)).toBe(0);
  await expectBalanced();
});
