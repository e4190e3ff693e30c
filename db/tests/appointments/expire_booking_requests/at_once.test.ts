import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because:
      "staff and workers commit beside each other; each case begins with requests that nobody answered",
  });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.specialist('stefan');
     select tests.calendar('mondays', '{stefan}');
     select tests.booking_request('request', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_public.booking_requests set respond_by = now() - interval '1 minute';`,
  );
});
afterEach(() => database.drop());

const confirm: Act = {
  as: "flavia",
  sql: "select (app_public.confirm_booking_request(tests.id('request'))).status",
};
/** The same, begun before the deadline: the clock of this transaction stands ten minutes back. */
const confirmInTime: Act = {
  as: "flavia",
  sql: `select (app_public.confirm_booking_request(tests.id('request'))).status
        from (select tests.freeze_time(now() - interval '10 minutes') offset 0) as clock`,
};
const expire: Act = { as: "the database", sql: "select app_private.expire_booking_requests()" };

test("a request that staff are confirming is not expired under their hands (APT-09)", async () => {
  const outcome = await oneBehindTheOther(database, confirmInTime, expire);
  expect(outcome).toEqual({ first: { value: "booked" }, second: { value: 0 }, waited: false });
  expect(await ask(database, "select status from app_public.booking_requests")).toBe("confirmed");
  expect(
    await ask(database, "select count(*)::int from app_private.time_claims where released_at is null"),
  ).toBe(1);
});

test("a request that is expiring is not confirmed any more (APT-09)", async () => {
  const outcome = await oneBehindTheOther(database, expire, confirm);
  expect(outcome).toEqual({
    first: { value: 1 },
    second: { code: "RX412", reason: "illegal_move" },
    waited: true,
  });
  expect(await ask(database, "select count(*)::int from app_public.appointments")).toBe(0);
});

test("two workers expire each request once (APT-09)", async () => {
  const outcome = await oneBehindTheOther(database, expire, expire);
  expect(outcome).toEqual({ first: { value: 1 }, second: { value: 0 }, waited: false });
  expect(
    await ask(
      database,
      "select count(*)::int from app_private.events where name = 'booking_request.expired'",
    ),
  ).toBe(1);
});
