import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { patient } from "../at_once.ts";
import { lastOnes } from "./last_ones.cases.ts";
import { asVisitor, hold, outcome, perSpecialist, start, tally } from "./visitors.ts";

let database: TestDatabase;
let admin: pg.Client;
const connections: pg.Client[] = [];

/** Open connections of the API's role; opening one is not part of what is measured. */
async function connect(count: number): Promise<pg.Client[]> {
  while (connections.length < count) {
    const client = new pg.Client({ connectionString: database.urls.authenticator, options: patient });
    await client.connect();
    connections.push(client);
  }
  return connections.slice(0, count);
}

/** A clinic of its own for each test: `people` specialists who work every day from 8 to 20 UTC, sessions of an hour. */
async function clinic(
  slug: string,
  people: number,
  limits = { visitor: 20, address: 1000 },
): Promise<string> {
  const names = Array.from({ length: people }, (_, n) => `${slug} ${n}`);
  const everyDay = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7 };
  const weekly = Object.fromEntries(Object.keys(everyDay).map((day) => [day, [["08:00", "20:00"]]]));
  await admin.query("begin");
  await admin.query("select tests.clinic($1)", [slug]);
  await admin.query(
    "update app_public.organizations set holds_per_visitor = $2, holds_per_address = $3 where slug = $1",
    [slug, limits.visitor, limits.address],
  );
  for (const name of names) {
    await admin.query("select tests.specialist($1, weekly => $2, timezone => 'UTC')", [
      name,
      JSON.stringify(weekly),
    ]);
  }
  const { rows } = await admin.query(
    "select tests.calendar($1, specialists => $2, minutes => 60, timezone => 'UTC') as id",
    [`${slug} calendar`, names],
  );
  await admin.query("commit");
  return rows[0].id;
}

beforeAll(async () => {
  database = await createTestDatabase({ because: "fifty visitors commit beside each other" });
  admin = new pg.Client({ connectionString: database.urls.admin });
  await admin.connect();
});
afterAll(async () => {
  await Promise.all(connections.map((client) => client.end()));
  await admin.end();
  await database.drop();
});

test("SCH-06: of fifty visitors at once on one slot exactly one wins, and all others are told that it is taken", async () => {
  const calendarId = await clinic("rush", 1);
  const clients = await connect(50);
  // Every connection has planned its statements, as in a server that has been up for a while.
  await Promise.all(clients.map((client, n) => hold(client, calendarId, start(9, 8), { id: `warm ${n}` })));
  const began = performance.now();
  const outcomes = await Promise.all(
    clients.map((client, n) => hold(client, calendarId, start(9), { id: `visitor ${n}` })),
  );
  console.log(`50 visitors at once were answered in ${Math.round(performance.now() - began)} ms`);

  expect(tally(outcomes)).toEqual({ ok: 1, "RXSLT slot_taken": 49 });
  const { rows } = await admin.query(
    "select count(*)::int as claims from app_private.time_claims where lower(during) = $1",
    [start(9)],
  );
  expect(rows).toEqual([{ claims: 1 }]);
  const events = await admin.query(
    "select count(*)::int as held from app_private.events where name = 'slot.held' and (payload ->> 'startsAt')::timestamptz = $1",
    [start(9)],
  );
  expect(events.rows).toEqual([{ held: 1 }]);
});

test("SCH-06: of fifty visitors on a slot that three specialists share, three win", async () => {
  const calendarId = await clinic("shared", 3);
  const clients = await connect(50);
  const outcomes = await Promise.all(
    clients.map((client, n) => hold(client, calendarId, start(9), { id: `visitor ${n}` })),
  );
  expect(tally(outcomes)).toEqual({ ok: 3, "RXSLT slot_taken": 47 });
});

lastOnes({ clinic, connect, database: () => admin });

test("SCH-06: visitors who want overlapping times in two calendars of the same specialists never share a time", async () => {
  const calendarId = await clinic("crossed", 3);
  const { rows } = await admin.query(
    `with other as (
       insert into app_public.calendars (organization_id, service_id, name, timezone, duration_minutes, step_minutes)
       select organization_id, service_id, 'other', timezone, 90, 30 from app_public.calendars where id = $1
       returning *
     ), people as (
       insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
       select other.organization_id, other.id, cs.specialist_id
       from other, app_public.calendar_specialists as cs where cs.calendar_id = $1
     )
     select id from other`,
    [calendarId],
  );
  const clients = await connect(40);
  const outcomes = await Promise.all(
    clients.map((client, n) => {
      const visitor = { id: `visitor ${n}` };
      if (n % 2 === 0) return hold(client, calendarId, start(9 + (n % 3)), visitor);
      const startsAt = new Date(start(8).getTime() + (n % 7) * 30 * 60_000);
      return hold(client, rows[0].id, startsAt, visitor);
    }),
  );
  const counts = tally(outcomes);
  expect(Object.keys(counts).sort()).toEqual(["RXSLT slot_taken", "ok"]);
  const overlaps = await admin.query(
    `select count(*)::int as overlaps from app_private.time_claims as a join app_private.time_claims as b
       on a.specialist_id = b.specialist_id and a.id < b.id and a.blocked && b.blocked
     where a.released_at is null and b.released_at is null and a.session_id is null and b.session_id is null`,
  );
  expect(overlaps.rows).toEqual([{ overlaps: 0 }]);
});

test("SCH-06: a hold that has expired is won by exactly one of those who come for it", async () => {
  const calendarId = await clinic("expired", 1);
  const clients = await connect(20);
  const first = await hold(clients[0] as pg.Client, calendarId, start(9), { id: "first" });
  expect(first.ok).toBe(true);
  await admin.query(
    "update app_private.time_claims set expires_at = now() - interval '1 second' where calendar_id = $1",
    [calendarId],
  );
  const outcomes = await Promise.all(
    clients.map((client, n) => hold(client, calendarId, start(9), { id: `visitor ${n}` })),
  );
  expect(tally(outcomes)).toEqual({ ok: 1, "RXSLT slot_taken": 19 });
  const { rows } = await admin.query(
    `select count(*) filter (where released_at is null)::int as standing, count(*)::int as all,
            (select count(*)::int from app_private.events as e join app_private.time_claims as c on c.id = e.subject_id
             where c.calendar_id = $1 and e.name = 'slot.released') as released
     from app_private.time_claims where calendar_id = $1`,
    [calendarId],
  );
  expect(rows).toEqual([{ standing: 1, all: 2, released: 1 }]);
});

test("SCH-06: a visitor who asks ten times in parallel gets as many holds as the clinic allows", async () => {
  const calendarId = await clinic("greedy", 10, { visitor: 3, address: 1000 });
  const clients = await connect(10);
  const outcomes = await Promise.all(
    clients.map((client, n) => hold(client, calendarId, start(9 + n), { id: "one and the same" })),
  );
  expect(tally(outcomes)).toEqual({ ok: 3, "RX429 too_many_holds": 7 });
});

test("SCH-06: an address that asks ten times in parallel, each time as somebody else, gets as many as the clinic allows", async () => {
  const calendarId = await clinic("crowded", 10, { visitor: 3, address: 4 });
  const clients = await connect(10);
  const outcomes = await Promise.all(
    clients.map((client, n) =>
      hold(client, calendarId, start(9 + n), { id: `visitor ${n}`, address: "198.51.100.9" }),
    ),
  );
  expect(tally(outcomes)).toEqual({ ok: 4, "RX429 too_many_holds_from_address": 6 });
});

test("SCH-04: twenty visitors who hold in parallel and then book go to four free specialists, five to each", async () => {
  const calendarId = await clinic("fair", 4);
  const clients = await connect(20);
  // Twenty different starts, so that nothing but the turns spreads them.
  const outcomes = await Promise.all(
    clients.map((client, n) =>
      hold(client, calendarId, start(8 + (n % 10), 7 + Math.floor(n / 10)), { id: `visitor ${n}` }),
    ),
  );
  expect(tally(outcomes)).toEqual({ ok: 20 });
  expect(await perSpecialist(outcomes)).toEqual([5, 5, 5, 5]);

  await Promise.all(
    outcomes.map(async (answer) => {
      if (!answer.ok) return;
      const client = new pg.Client({ connectionString: database.urls.admin });
      await client.connect();
      try {
        await client.query("begin");
        await client.query("set local role app_engine");
        const { rows } = await client.query("select id from app_private.take_hold($1)", [answer.token]);
        await client.query("select app_private.convert_claim($1, 'appointment')", [rows[0].id]);
        await client.query("select app_private.count_assignment($1)", [rows[0].id]);
        await client.query("commit");
      } finally {
        await client.end();
      }
    }),
  );
  const { rows } = await admin.query(
    "select assigned_count::int as count from app_private.specialist_assignment_tracking where calendar_id = $1",
    [calendarId],
  );
  expect(rows.map(({ count }) => count)).toEqual([5, 5, 5, 5]);
});

test("SCH-04: twenty direct bookings in parallel go to four free specialists, five to each", async () => {
  const calendarId = await clinic("direct", 4);
  const clients = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = new pg.Client({ connectionString: database.urls.admin });
      await client.connect();
      return client;
    }),
  );
  try {
    const outcomes = await Promise.all(
      clients.map((client, n) =>
        outcome(
          (async () => {
            await client.query("begin");
            await client.query("set local role app_engine");
            const { rows } = await client.query(
              "select * from app_private.claim_slot($1, $2, null, 'appointment')",
              [calendarId, start(8 + (n % 10), 7 + Math.floor(n / 10))],
            );
            await client.query("select app_private.count_assignment($1)", [rows[0].id]);
            await client.query("commit");
            return { specialistId: rows[0].specialist_id, token: "" };
          })(),
        ),
      ),
    );
    expect(tally(outcomes)).toEqual({ ok: 20 });
    expect(await perSpecialist(outcomes)).toEqual([5, 5, 5, 5]);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
});

test("SCH-06: a hold that is booked and given back at the same moment ends as one of the two", async () => {
  const calendarId = await clinic("torn", 1);
  const [client] = (await connect(1)) as [pg.Client];
  const booker = new pg.Client({ connectionString: database.urls.admin });
  await booker.connect();
  try {
    const held = await hold(client, calendarId, start(9), { id: "visitor" });
    if (!held.ok) throw new Error(held.reason);
    await booker.query("begin");
    await booker.query("set local role app_engine");
    const { rows } = await booker.query("select id from app_private.take_hold($1)", [held.token]);
    const released = outcome(
      asVisitor(client, { id: "visitor" }, async () => {
        await client.query("select app_public.release_hold($1)", [held.token]);
        return { specialistId: "", token: "" };
      }),
    );
    await booker.query("select app_private.convert_claim($1, 'appointment')", [rows[0].id]);
    await booker.query("commit");
    expect(await released).toEqual({ ok: false, code: "RX410", reason: "hold_expired" });
    const claim = await admin.query("select kind, released_at from app_private.time_claims where id = $1", [
      rows[0].id,
    ]);
    expect(claim.rows).toEqual([{ kind: "appointment", released_at: null }]);
  } finally {
    await booker.end();
  }
});
