import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "handing over and booking commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
     select tests.patient('ana'), tests.specialist('stefan'), tests.specialist('carla');
     select tests.calendar('mondays', '{stefan,carla}'), tests.works('stefan'), tests.works('carla');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token');`,
  );
});
afterEach(() => database.drop());

const remove = (specialist: string, reassignTo?: string): Act => ({
  as: "adrian",
  sql: `select (app_public.remove_specialist(tests.id('${specialist}')${reassignTo ? `, tests.id('${reassignTo}')` : ""})).deleted_at is not null`,
});
const request: Act = {
  as: "a visitor",
  sql: "select (app_public.request_booking('the token', 'Gabriela', 'Munteanu', 'g@people.test', '0722123456')).status",
};
const book: Act = {
  as: "ana",
  sql: "select (app_public.book_appointment('the token', tests.id('ana'))).status",
};

const bookDirectly: Act = {
  as: "flavia",
  sql: "select (app_public.book_directly(tests.id('mondays'), date_trunc('day', now()) + interval '4 days', tests.id('ana'), tests.id('stefan'))).status",
};

test.each([
  ["request", request, "requested"],
  ["booking", book, "booked"],
  ["booking without a hold", bookDirectly, "booked"],
])("a %s under way is waited for, counted, and keeps the specialist (SPC-06)", async (_what, act, status) => {
  const outcome = await oneBehindTheOther(database, act, remove("stefan"));
  expect(outcome).toEqual({
    first: { value: status },
    second: { code: "RX409", reason: "has_future_appointments" },
    waited: true,
  });
});

test.each([
  ["request", request],
  ["booking", book],
  ["booking without a hold", bookDirectly],
])("a %s that comes while the specialist goes is refused (SPC-06, APT-09)", async (_what, act) => {
  const outcome = await oneBehindTheOther(database, remove("stefan"), act);
  expect(outcome).toEqual({
    first: { value: true },
    second: { code: "RX410", reason: "specialist_gone" },
    waited: true,
  });
  expect(await ask(database, "select count(*)::int from app_public.booking_requests")).toBe(0);
  expect(await ask(database, "select count(*)::int from app_public.appointments")).toBe(0);
});

test("two specialists who are handed over to each other at once: one goes, nobody waits in a circle (SPC-06)", async () => {
  for (let round = 0; round < 5; round++) {
    await furnish(
      database,
      `select tests.appointment('visit ${round}', 'ana', 'mondays', 'stefan', date_trunc('day', now()) + interval '${round + 4} days'),
              tests.appointment('other visit ${round}', 'ana', 'mondays', 'carla', date_trunc('day', now()) + interval '${round + 4} days 2 hours')`,
    );
    const outcomes = await atOnce(database, [remove("stefan", "carla"), remove("carla", "stefan")]);
    expect(outcomes).toContainEqual({ value: true });
    expect(outcomes).toContainEqual({ code: "RX400", reason: "colleague_not_found" });
    await furnish(database, "update app_public.specialists set deleted_at = null, scheduling_active = true");
  }
});

test("handing over while requests are answered and appointments called off: all end well, nobody waits in a circle (SPC-06, APT-01, APT-09)", async () => {
  for (let round = 0; round < 8; round++) {
    const day = (hour: number) => `date_trunc('day', now()) + interval '${round + 4} days ${hour} hours'`;
    await furnish(
      database,
      `select tests.booking_request('confirmed ${round}', 'mondays', 'stefan', ${day(8)}, 'a${round}@people.test'),
              tests.booking_request('rejected ${round}', 'mondays', 'stefan', ${day(10)}, 'b${round}@people.test'),
              tests.appointment('cancelled ${round}', 'ana', 'mondays', 'stefan', ${day(12)}),
              tests.appointment('kept ${round}', 'ana', 'mondays', 'stefan', ${day(14)})`,
    );
    const outcomes = await atOnce(database, [
      remove("stefan", "carla"),
      {
        as: "flavia",
        sql: `select (app_public.confirm_booking_request(tests.id('confirmed ${round}'), as_new_patient => true)).status`,
      },
      {
        as: "flavia",
        sql: `select (app_public.reject_booking_request(tests.id('rejected ${round}'))).status`,
      },
      { as: "ana", sql: `select (app_public.cancel_appointment(tests.id('cancelled ${round}'))).status` },
    ]);
    expect(outcomes).toEqual([
      { value: true },
      { value: "booked" },
      { value: "rejected" },
      { value: "cancelled" },
    ]);
    expect(
      await ask(
        database,
        `select count(*)::int from app_public.appointments a join app_private.time_claims c on c.id = a.claim_id
         where a.specialist_id <> c.specialist_id or (a.status <> 'cancelled' and a.specialist_id <> tests.id('carla'))`,
      ),
    ).toBe(0);
    await furnish(database, "update app_public.specialists set deleted_at = null, scheduling_active = true");
  }
});

// What a move and an answer do, step by step: the row, and the claim once somebody waits for the row.
test.each([
  ["appointment", "app_public.appointments"],
  ["request", "app_public.booking_requests"],
])(
  "handing over waits for whoever has locked the %s before it touches the claim (SPC-06)",
  async (_what, table) => {
    await furnish(
      database,
      `select tests.booking_request('request', 'mondays', 'stefan', date_trunc('day', now()) + interval '4 days');
     select tests.appointment('visit', 'ana', 'mondays', 'stefan', date_trunc('day', now()) + interval '5 days');`,
    );
    const outcome = await oneBehindTheOther(
      database,
      {
        as: "the database",
        sql: `select true from ${table} for update`,
        andThen: `update app_private.time_claims set counted_at = now() where id in (select claim_id from ${table})`,
      },
      remove("stefan", "carla"),
    );
    expect(outcome).toEqual({ first: { value: true }, second: { value: true }, waited: true });
  },
);
