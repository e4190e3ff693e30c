import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "bookings and a removal commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
     select tests.patient('ana'), tests.specialist('stefan'), tests.calendar('mondays', '{stefan}'), tests.works('stefan');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token');`,
  );
});
afterEach(() => database.drop());

const remove: Act = {
  as: "adrian",
  sql: "select (app_public.remove_calendar(tests.id('mondays'))).deleted_at is not null",
};
const bookings: [string, Act, string][] = [
  [
    "booking of a hold",
    { as: "ana", sql: "select (app_public.book_appointment('the token', tests.id('ana'))).status" },
    "booked",
  ],
  [
    "booking without a hold",
    {
      as: "flavia",
      sql: "select (app_public.book_directly(tests.id('mondays'), date_trunc('day', now()) + interval '4 days', tests.id('ana'))).status",
    },
    "booked",
  ],
];

test.each(bookings)(
  "a %s under way is waited for, counted, and keeps the calendar (SCH-02, FND-10)",
  async (_what, booking, status) => {
    expect(await oneBehindTheOther(database, booking, remove)).toEqual({
      first: { value: status },
      second: { code: "RX409", reason: "has_future_appointments" },
      waited: true,
    });
  },
);

test.each(bookings)(
  "a %s that comes while the calendar goes is refused (SCH-02, FND-10)",
  async (_what, booking) => {
    expect(await oneBehindTheOther(database, remove, booking)).toEqual({
      first: { value: true },
      second: { code: "RX410", reason: "calendar_gone" },
      waited: true,
    });
  },
);
