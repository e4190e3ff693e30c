import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "one visitor commits in two sessions at once" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.specialist('stefan'), tests.calendar('mondays', '{stefan}'), tests.works('stefan');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token'), visitor_id = 'visitor:' || md5('a visitor')::uuid;`,
  );
});
afterEach(() => database.drop());

const visitor = (sql: string): Act => ({ as: "a visitor", sql });
const again = visitor(
  "select (app_public.hold_slot(tests.id('mondays'), date_trunc('day', now()) + interval '3 days')).specialist_id = tests.id('stefan')",
);
const kept = `select array_agg(kind || ' ' || (lower(during) - date_trunc('day', now())) order by during)
  from app_private.time_claims where released_at is null`;

test("a hold that is given back while its holder asks for the time again is held anew (SCH-06)", async () => {
  const release = visitor("select app_public.release_hold('the token') is not null");
  expect(await oneBehindTheOther(database, release, again)).toEqual({
    first: { value: expect.anything() },
    second: { value: true },
    waited: true,
  });
  expect(await ask(database, kept)).toEqual(["hold 3 days"]);
});

test("a hold that is moved while its holder asks for the old time again: both are kept (SCH-06)", async () => {
  const move = visitor(
    "select (app_public.move_hold('the token', date_trunc('day', now()) + interval '4 days')).token",
  );
  expect(await oneBehindTheOther(database, move, again)).toEqual({
    first: { value: "the token" },
    second: { value: true },
    waited: true,
  });
  expect(await ask(database, kept)).toEqual(["hold 3 days", "hold 4 days"]);
});

test("a hold that is booked while its holder asks for the time again is taken (SCH-06)", async () => {
  const request = visitor(
    "select (app_public.request_booking('the token', 'G', 'M', 'g@people.test', '0722123456')).status",
  );
  expect(await oneBehindTheOther(database, request, again)).toEqual({
    first: { value: "requested" },
    second: { code: "RXSLT", reason: "slot_taken" },
    waited: true,
  });
  expect(await ask(database, kept)).toEqual(["request 3 days"]);
});
