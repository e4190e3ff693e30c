import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, type Outcome } from "../../at_once.ts";

/** Two clinics, each with a time to every hour from a week ahead on. */
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({
    because: "thirty visitors commit beside each other, and what they did before is counted",
  });
  await furnish(
    database,
    `select tests.clinic('boreal'), tests.specialist('bela'), tests.works('bela'), tests.calendar('tuesdays', '{bela}');
     select tests.clinic('atlas'), tests.specialist('stefan'), tests.works('stefan'), tests.calendar('mondays', '{stefan}');
     select tests.staff('flavia', 'front_desk');
     update app_private.visitor_limits set per_hour = 7, per_day = 9 where name = 'visitor';
     update app_private.visitor_limits set per_hour = 6, per_day = 9 where name = 'address';`,
  );
});
afterEach(() => database.drop());

const hour = (n: number) =>
  `date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + interval '${168 + n} hours'`;
const clinicOf = (n: number) => (n % 2 === 0 ? ["mondays", "stefan"] : ["tuesdays", "bela"]);
/** Who "a visitor" of the SQL helpers is, as a claim names them. */
const aVisitor = "'visitor:' || md5('a visitor')::uuid";
/** A time that `visitor` at `address` holds with the token "token n". */
const held = (n: number, visitor: string, address = "null") => {
  const [calendar, specialist] = clinicOf(n);
  return `select tests.remember('held ${n}', tests.claim('${specialist}', ${hour(n)}, kind => 'hold', calendar => '${calendar}'));
    update app_private.time_claims
      set token_hash = sha256('token ${n}'), visitor_id = ${visitor}, address = ${address}
      where id = tests.id('held ${n}');`;
};
const requests = (count: number, email = (n: number) => `guest${n}@people.test`): Act[] =>
  Array.from({ length: count }, (_, n) => ({
    as: "a visitor",
    sql: `select status from app_public.request_booking('token ${n}', 'Guest', 'Munteanu', '${email(n)}', '0722000111')`,
  }));

function tally(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = "value" in outcome ? String(outcome.value) : outcome.reason;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test("thirty requests of one visitor at once, at two clinics, are as many as an hour allows, whatever became of earlier ones (FND-35, APT-09)", async () => {
  await furnish(
    database,
    `select tests.booking_request(name, 'mondays', 'stefan', ${hour(100)} + place * interval '1 hour')
     from unnest('{open,rejected,withdrawn,expired,confirmed}'::text[]) with ordinality as made (name, place);
     update app_private.time_claims set visitor_id = ${aVisitor};
     update app_public.booking_requests set token_hash = sha256('to withdraw') where id = tests.id('withdrawn');
     update app_public.booking_requests set respond_by = now() where id = tests.id('expired');
     ${Array.from({ length: 30 }, (_, n) => held(n, aVisitor)).join("\n")}
     select tests.act_as('a visitor');
     select app_public.withdraw_booking_request('to withdraw');
     select tests.act_as('flavia');
     select app_public.reject_booking_request(tests.id('rejected'), 'No'), app_public.confirm_booking_request(tests.id('confirmed'), as_new_patient => true);
     select tests.act_as('the database');
     select app_private.expire_booking_requests();`,
  );
  const states =
    "select array_agg(distinct status::text order by status::text) from app_public.booking_requests";
  expect(await ask(database, states)).toEqual(["confirmed", "expired", "rejected", "requested", "withdrawn"]);

  expect(tally(await atOnce(database, requests(30)))).toEqual({ requested: 2, too_many_requests: 28 });
  expect(await ask(database, "select count(*)::int from app_public.booking_requests")).toBe(7);
});

test("thirty requests of thirty visitors from one address at once are as many as an hour allows (FND-35, APT-09)", async () => {
  await furnish(
    database,
    Array.from({ length: 30 }, (_, n) => held(n, `'visitor:${n}'`, "'198.51.100.7'")).join("\n"),
  );
  expect(tally(await atOnce(database, requests(30)))).toEqual({
    requested: 6,
    too_many_requests_from_address: 24,
  });
});

test("thirty times held or asked for at once by one visitor are never more than the clinic lets one keep (SCH-06, APT-09)", async () => {
  await furnish(
    database,
    `update app_public.organizations set holds_per_visitor = 3;
     ${[0, 2].map((n) => held(n, aVisitor)).join("\n")}`,
  );
  const holds: Act[] = Array.from({ length: 30 }, (_, n) => ({
    as: "a visitor",
    sql: `select 'held' from app_public.hold_slot(tests.id('mondays'), ${hour(10 + n)})`,
  }));
  const [first, , third] = requests(3);
  const outcomes = await atOnce(database, [...holds, first as Act, third as Act]);
  expect(
    await ask(
      database,
      `select count(*)::int from app_private.time_claims where visitor_id = ${aVisitor} and released_at is null`,
    ),
  ).toBe(3);
  expect(
    outcomes.filter((outcome) => "reason" in outcome && outcome.reason === "too_many_holds"),
  ).toHaveLength(29);
});

test("thirty visitors who ask at once with one mailbox have as many mails sent there as an hour allows (FND-35, APT-09)", async () => {
  await furnish(
    database,
    `update app_private.visitor_limits set per_hour = 4, per_day = 5 where name = 'guest';
     update app_private.visitor_limits set per_hour = 7, per_day = 9 where name = 'guest_of_platform';
     ${Array.from({ length: 30 }, (_, n) => held(n, `'visitor:${n}'`)).join("\n")}`,
  );
  const spelt = (n: number) =>
    ["victim@people.test", "VICTIM@people.test", `victim+${n}@people.test`][n % 3] as string;
  expect(tally(await atOnce(database, requests(30, spelt)))).toEqual({ requested: 30 });

  const events = await ask<string[]>(
    database,
    "select array_agg(id::text) from app_private.events where name = 'booking_request.received'",
  );
  const told = await atOnce(
    database,
    events.map((id) => ({ as: "the database", sql: `select app_private.consume_notifications('${id}')` })),
  );
  expect(told.filter((outcome) => "code" in outcome)).toEqual([]);
  const queued = (clinic: string) => `(select count(*)::int from app_public.messages
     where template_key = 'booking_request_received' and status = 'queued' and channel = 'email' and organization_id = tests.id('${clinic}'))`;
  const [atlas = 0, boreal = 0] = await ask<number[]>(
    database,
    `select array[${queued("atlas")}, ${queued("boreal")}]`,
  );
  expect(atlas + boreal).toBe(7);
  expect(Math.max(atlas, boreal)).toBe(4);
});
