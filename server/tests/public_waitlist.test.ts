import { afterAll, beforeAll, expect, test } from "vitest";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let calendar: string;
let day: string;

beforeAll(async () => {
  api = await startTestApi({ because: "people wait, are offered a time and book it over HTTP for good" });
  const [made] = await api.sql(`
    select tests.clinic('atlas');
    select tests.staff('flavia', 'front_desk', email => 'flavia@people.test');
    select tests.specialist('ana', weekly => '{"mon": [["09:00", "11:00"]]}');
    select tests.calendar('mondays', specialists => '{ana}', minutes => 60);
    update app_public.organizations set reminders_from = '00:00', reminders_until = '23:59';
    select tests.id('mondays') as calendar,
           (date_trunc('week', now() at time zone 'Europe/Bucharest') + interval '14 days')::date::text as day`);
  ({ calendar, day } = made);
});
afterAll(() => api.close());

const post = (path: string, body: Json, visitor = "visitor-1") =>
  api.fetch(`/v1/public/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-visitor-id": visitor },
    body: JSON.stringify(body),
  });
const maria = { givenName: "Maria", familyName: "Țepeș", email: "maria@people.test", phone: "0722 111 222" };

/** The message of an offer as it leaves, with the token that only it has. */
async function tokenOfOffer(email: string): Promise<string> {
  const [row] = await api.sql(`
    select app_private.issue_link(o.organization_id, k, o.id) as path
    from app_public.waitlist_offers o
    join app_public.waitlist_entries e on e.id = o.waitlist_entry_id and e.email = '${email}'
    join app_private.link_kinds k on k.key = 'waitlist_offer'
    where o.outcome is null`);
  expect(row.path).toMatch(/^\/book\/atlas#offer=[0-9a-f]{32}$/);
  return row.path.split("=")[1];
}

const look = () =>
  api.sql(
    "select app_private.settle_waitlist(id), app_private.offer_next_time(id) from app_public.organizations",
  );

test("SCH-10: a guest waits, takes the time that is offered, and books it; the next one is offered what was left", async () => {
  const wish = { calendar, from: day, to: day, weekdays: [1], earliest: "09:00", latest: "09:30", ...maria };
  const joined = await post("waitlist", wish);
  expect(joined.status).toBe(201);
  expect(joined.body).toEqual({
    waitlistEntryId: expect.any(String),
    token: expect.stringMatching(/^[0-9a-f]{32}$/),
    status: "waiting",
  });
  const next = await post("waitlist", { ...wish, email: "ion@people.test" }, "visitor-2");
  await look();
  const taken = await post("offers/take", { token: await tokenOfOffer(maria.email) });
  expect(taken.status).toBe(200);
  expect(taken.headers.get("cache-control")).toBe("no-store");
  expect(taken.body).toMatchObject({ calendarId: calendar, expiresAt: expect.any(String) });
  expect(Object.keys(taken.body).sort()).toEqual(
    ["token", "calendarId", "specialistId", "startsAt", "endsAt", "expiresAt"].sort(),
  );

  // The visitor thinks better of it: that is a no, and the time goes to the next.
  expect((await post("holds/release", { token: taken.body.token })).status).toBe(204);
  await look();
  const token = await tokenOfOffer("ion@people.test");
  const his = await post("offers/take", { token }, "visitor-2");
  expect(his.body.startsAt).toBe(taken.body.startsAt);
  const booked = await post(
    "bookings",
    { holdToken: his.body.token, ...maria, givenName: "Ion", email: "ion@people.test" },
    "visitor-2",
  );
  expect(booked.status).toBe(201);
  expect((await post("waitlist/leave", { token: next.body.token })).body).toEqual({
    waitlistEntryId: next.body.waitlistEntryId,
    token: null,
    status: "taken",
  });
  expect(refusalOf(await post("offers/take", { token }, "visitor-2"))).toMatchObject({
    code: "GONE",
    reason: "offer_over",
  });
  expect((await post("waitlist/leave", { token: joined.body.token })).body.status).toBe("left");
});

test("SCH-10: what is written badly is refused with its field, and a guess opens nothing", async () => {
  const wish = { calendar, from: day, to: day, ...maria };
  for (const [body, field] of [
    [{ ...wish, from: "tomorrow" }, "from"],
    [{ ...wish, weekdays: [8] }, "weekdays.0"],
    [{ ...wish, earliest: "25:00" }, "earliest"],
    [{ ...wish, email: undefined }, "email"],
    [{ ...wish, from: day, to: "2020-01-01" }, "endsOn"],
  ] as const) {
    const refused = await post("waitlist", body, "visitor-3");
    expect(refused.status).toBe(400);
    expect(refusalOf(refused).details.field).toBe(field);
  }
  expect(refusalOf(await post("offers/take", { token: "0".repeat(32) }))).toMatchObject({
    code: "NOT_FOUND",
  });
  expect(refusalOf(await post("waitlist/leave", { token: "0".repeat(32) }))).toMatchObject({
    code: "NOT_FOUND",
  });
});

test("SCH-10: front desk reads the list in the order of joining", async () => {
  await post("waitlist", { calendar, from: day, to: day, ...maria, email: "third@people.test" }, "visitor-4");
  const token = await api.token({ subject: "flavia", email: "flavia@people.test" });
  const { body } = await api.graphql(
    `query ($calendar: UUID!) {
       waitlistEntries(filter: { calendarId: { equalTo: $calendar } }, first: 10) {
         nodes { id email status waitlistOffers(first: 5) { nodes { outcome } } }
       }
     }`,
    { token, variables: { calendar } },
  );
  expect(body.errors).toBeUndefined();
  expect(body.data.waitlistEntries.nodes.map(({ email, status }: Json) => [email, status])).toEqual([
    [maria.email, "LEFT"],
    ["ion@people.test", "TAKEN"],
    ["third@people.test", "WAITING"],
  ]);
});
