import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "a booking and the worker commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.specialist('stefan'), tests.calendar('mondays', '{stefan}'), tests.works('stefan');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token'), expires_at = now() - interval '1 second';`,
  );
});
afterEach(() => database.drop());

test("a hold that is booked within the grace while the worker tidies is not let go (SCH-06)", async () => {
  const request: Act = {
    as: "a visitor",
    sql: "select (app_public.request_booking('the token', 'G', 'M', 'g@people.test', '0722123456')).status",
  };
  const tidy: Act = { as: "the database", sql: "select app_private.release_expired_claims()" };
  expect(await oneBehindTheOther(database, request, tidy)).toEqual({
    first: { value: "requested" },
    second: { value: 0 },
    waited: true,
  });
  expect(await ask(database, "select kind from app_private.time_claims where released_at is null")).toBe(
    "request",
  );
});
