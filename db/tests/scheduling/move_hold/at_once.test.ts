import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ because: "a move and a hold commit beside each other" });
  await furnish(
    database,
    `select tests.clinic('atlas'), tests.specialist('stefan'), tests.calendar('mondays', '{stefan}'), tests.works('stefan');
     select tests.hold('kept', 'mondays', 'stefan', date_trunc('day', now()) + interval '3 days');
     update app_private.time_claims set token_hash = sha256('the token');`,
  );
});
afterEach(() => database.drop());

test("a time that somebody takes while a hold moves there is taken, and the hold stays where it is (SCH-06)", async () => {
  const there = "date_trunc('day', now()) + interval '4 days'";
  const hold: Act = {
    as: "another visitor",
    sql: `select (app_public.hold_slot(tests.id('mondays'), ${there})).token is not null`,
  };
  const move: Act = {
    as: "a visitor",
    sql: `select (app_public.move_hold('the token', ${there})).token`,
  };
  expect(await oneBehindTheOther(database, hold, move)).toEqual({
    first: { value: true },
    second: { code: "RXSLT", reason: "slot_taken" },
    waited: true,
  });
  expect(
    await ask(
      database,
      `select array_agg((lower(during) - date_trunc('day', now()))::text order by during)
       from app_private.time_claims where released_at is null`,
    ),
  ).toEqual(["3 days", "4 days"]);
});
