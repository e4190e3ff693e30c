import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { type Act, ask, atOnce, furnish, type Outcome, oneBehindTheOther } from "../at_once.ts";

// Every verb that writes claims, against every other on the same few days. With the guard a claim that is written
// without the lock of its days is an error in itself, however rarely it would end in a circle.
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "everybody who writes claims commits beside everybody else",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
     select tests.patient('ana'), tests.specialist('stefan'), tests.specialist('carla'), tests.works('stefan'), tests.works('carla');
     select tests.calendar('pool', '{stefan,carla}', notice_minutes => 0, timezone => 'UTC');
     update app_public.specialists set scheduling_timezone = 'UTC';
     update app_public.organizations set holds_per_visitor = 20, holds_per_address = 1000;
     select tests.guard_claims();`,
  );
});
afterEach(() => database.drop());

const at = (day: number, hour: number) =>
  `date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + interval '${day} days ${hour} hours'`;
const token = (name: string) => `${name} token ${"x".repeat(20)}`;
/** Claims are written by hand here, so the guard looks away. */
const byHand = (sql: string) =>
  furnish(
    database,
    `alter table app_private.time_claims disable trigger _000_guard; ${sql};
     alter table app_private.time_claims enable trigger _000_guard;`,
  );
const held = (name: string, specialist: string, day: number, hour: number, expired = false) =>
  `select tests.hold('${name}', 'pool', '${specialist}', ${at(day, hour)});
   update app_private.time_claims set token_hash = sha256('${token(name)}'), created_at = now() - interval '5 minutes'
     ${expired ? ", expires_at = now() - interval '10 seconds'" : ""}
   where id = tests.id('claim of ${name}')`;

const hold = (day: number, hour: number, as = "a visitor"): Act => ({
  as,
  sql: `select (app_public.hold_slot(tests.id('pool'), ${at(day, hour)})).specialist_id`,
});
const handOver = (from: string, to: string): Act => ({
  as: "adrian",
  sql: `select (app_public.remove_specialist(tests.id('${from}'), tests.id('${to}'))).deleted_at is not null`,
});

/** Refusals are answers; a circle, a broken constraint or a missing lock is none. */
function unexpected(outcomes: Outcome[]): Outcome[] {
  return outcomes.filter((outcome) => "code" in outcome && !outcome.code.startsWith("RX"));
}

const overlaps = `select count(*)::int from app_private.time_claims a join app_private.time_claims b
  on a.specialist_id = b.specialist_id and a.id < b.id and a.blocked && b.blocked
  where a.released_at is null and b.released_at is null`;
const astray = `select count(*)::int from app_public.appointments a join app_private.time_claims c on c.id = a.claim_id
  where a.specialist_id <> c.specialist_id`;

test("SCH-06, SPC-06: handing over while a visitor's hold releases an expired one on the colleague: nobody waits in a circle", async () => {
  await byHand(
    `select tests.appointment('visit', 'ana', 'pool', 'stefan', ${at(4, 10)}); ${held("gone", "carla", 4, 10, true)}`,
  );
  // The visitor has released the expired hold and taken the time, and has not committed.
  const outcome = await oneBehindTheOther(database, hold(4, 10), handOver("stefan", "carla"));
  expect(outcome.waited).toBe(true);
  expect(outcome.second).toEqual({ code: "RX409", reason: "colleague_not_free" });
  const other = await oneBehindTheOther(database, handOver("stefan", "carla"), hold(4, 10));
  expect(unexpected([other.first, other.second])).toEqual([]);
});

test("SCH-06: every verb that writes claims at once on the same days: refusals are answers, nothing overlaps, nobody waits in a circle", async () => {
  for (let round = 0; round < 4; round++) {
    const day = 4 + 2 * round;
    const n = (name: string) => `${name}_${round}`;
    await byHand(
      [
        held(n("moved"), "stefan", day, 8),
        held(n("asked"), "stefan", day, 9),
        held(n("booked"), "carla", day, 9),
        held(n("extended"), "stefan", day, 10),
        held(n("released"), "carla", day, 10),
        held(n("late"), "carla", day, 11, true),
        held(n("lost"), "stefan", day, 12, true),
        `select tests.booking_request('${n("confirmed")}', 'pool', 'stefan', ${at(day, 13)}, 'a${round}@people.test')`,
        `select tests.booking_request('${n("rejected")}', 'pool', 'stefan', ${at(day, 14)}, 'b${round}@people.test')`,
        `select tests.booking_request('${n("withdrawn")}', 'pool', 'carla', ${at(day, 15)}, 'c${round}@people.test')`,
        `update app_public.booking_requests set token_hash = extensions.digest('${token(n("withdrawn"))}', 'sha256')
         where id = tests.id('${n("withdrawn")}')`,
        `select tests.booking_request('${n("expired")}', 'pool', 'carla', ${at(day, 16)}, 'd${round}@people.test')`,
        `update app_public.booking_requests set respond_by = now() - interval '1 minute' where id = tests.id('${n("expired")}')`,
        `select tests.appointment('${n("cancelled")}', 'ana', 'pool', 'stefan', ${at(day, 17)})`,
      ].join(";\n"),
    );
    const outcomes = await atOnce(database, [
      {
        as: "a visitor",
        sql: `select (app_public.move_hold('${token(n("moved"))}', ${at(day + 1, 9)})).token`,
      },
      {
        as: "another visitor",
        sql: `select (app_public.request_booking('${token(n("asked"))}', 'G', 'M', 'g@people.test', '0722123456')).status`,
      },
      {
        as: "ana",
        sql: `select (app_public.book_appointment('${token(n("booked"))}', tests.id('ana'))).status`,
      },
      { as: "a visitor", sql: `select (app_public.extend_hold('${token(n("extended"))}')).token` },
      { as: "a visitor", sql: `select app_public.release_hold('${token(n("released"))}')` },
      {
        as: "ana",
        sql: `select (app_public.book_appointment('${token(n("late"))}', tests.id('ana'))).status`,
      },
      { as: "the database", sql: "select app_private.release_expired_claims()" },
      { as: "the database", sql: "select app_private.expire_booking_requests()" },
      {
        as: "flavia",
        sql: `select (app_public.confirm_booking_request(tests.id('${n("confirmed")}'), as_new_patient => true)).status`,
      },
      {
        as: "flavia",
        sql: `select (app_public.reject_booking_request(tests.id('${n("rejected")}'))).status`,
      },
      {
        as: "a visitor",
        sql: `select (app_public.withdraw_booking_request('${token(n("withdrawn"))}')).status`,
      },
      { as: "ana", sql: `select (app_public.cancel_appointment(tests.id('${n("cancelled")}'))).status` },
      {
        as: "flavia",
        sql: `select (app_public.book_directly(tests.id('pool'), ${at(day, 18)}, tests.id('ana'))).status`,
      },
      hold(day, 10),
      hold(day, 11, "another visitor"),
      hold(day, 12),
      hold(day, 17, "another visitor"),
      handOver("stefan", "carla"),
    ]);
    expect(unexpected(outcomes)).toEqual([]);
    expect(outcomes.filter((outcome) => "value" in outcome).length).toBeGreaterThan(8);
    expect(await ask(database, overlaps)).toBe(0);
    expect(await ask(database, astray)).toBe(0);
    await furnish(database, "update app_public.specialists set deleted_at = null, scheduling_active = true");
  }
});

test("SCH-06: two who move onto each other's times at once, and back: nobody waits in a circle, nobody loses a time", async () => {
  await byHand(`${held("one", "stefan", 4, 9)}; ${held("other", "carla", 5, 9)}`);
  const move = (name: string, day: number, hour: number): Act => ({
    as: "a visitor",
    sql: `select (app_public.move_hold('${token(name)}', ${at(day, hour)})).token`,
  });
  for (let round = 0; round < 5; round++) {
    const outcomes = await atOnce(database, [
      move("one", 5, 9 + (round % 2)),
      move("other", 4, 9 + (round % 2)),
      move("one", 4, 10),
      move("other", 5, 10),
    ]);
    expect(unexpected(outcomes)).toEqual([]);
    expect(await ask(database, overlaps)).toBe(0);
    expect(
      await ask(database, "select count(*)::int from app_private.time_claims where released_at is null"),
    ).toBe(2);
  }
});

test("SCH-06: a visitor who clicks twice at once has one hold, and both answers open it", async () => {
  const outcomes = await atOnce(database, [
    { as: "a visitor", sql: `select (app_public.hold_slot(tests.id('pool'), ${at(4, 9)})).token` },
    { as: "a visitor", sql: `select (app_public.hold_slot(tests.id('pool'), ${at(4, 9)})).token` },
  ]);
  const tokens = outcomes.map((outcome) => ("value" in outcome ? String(outcome.value) : outcome.reason));
  expect(new Set(tokens).size).toBe(2);
  expect(await ask(database, "select count(*)::int from app_private.time_claims")).toBe(1);
  for (const each of tokens) {
    const [extended] = await atOnce(database, [
      { as: "a visitor", sql: `select (app_public.extend_hold('${each}')).token` },
    ]);
    expect(extended).toEqual({ value: each });
  }
});
