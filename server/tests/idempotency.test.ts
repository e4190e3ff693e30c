import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let calendar: string;
let starts: string[];

beforeAll(async () => {
  api = await startTestApi({
    because: "what a repeat finds was committed, and it trusts a proxy",
    config: { trustProxy: 1 },
  });
  const [made] = await api.sql(`
    select tests.clinic('atlas');
    select tests.specialist('ana', weekly => '{"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]]}');
    select tests.calendar('days', specialists => '{ana}', minutes => 30);
    update app_public.organizations set holds_per_visitor = 20, holds_per_address = 60;
    select tests.id('days') as calendar`);
  calendar = made.calendar;
  const from = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const to = new Date(Date.now() + 21 * 86_400_000).toISOString();
  const { body } = await api.fetch(`/v1/public/availability?${new URLSearchParams({ calendar, from, to })}`);
  starts = body.slots.map((slot: { startsAt: string }) => slot.startsAt);
});
afterAll(() => api.close());

const post = (path: string, body: Json, headers: Record<string, string> = {}) =>
  api.fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
/** Each test takes times of its own. */
const nextStart = () => starts.shift() as string;
const hold = (startsAt: string, headers: Record<string, string> = {}) =>
  post("/v1/public/holds", { calendar, startsAt }, { "x-visitor-id": "visitor-1", ...headers });
const claims = async () => (await api.sql("select from app_private.time_claims")).length;
const contact = {
  givenName: "Ioana",
  familyName: "Țepeș",
  email: "ioana.tepes@example.org",
  phone: "0722 123 456",
};

describe("APT-05: POST /v1/public/holds", () => {
  it("keeps a time, which can be kept longer, given back, and taken by somebody else", async () => {
    const startsAt = nextStart();
    const kept = await hold(startsAt);
    expect(kept.status).toBe(201);
    expect(kept.headers.get("cache-control")).toBe("no-store");
    expect(kept.body).toMatchObject({
      calendarId: calendar,
      startsAt,
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(refusalOf(await hold(startsAt, { "x-visitor-id": "visitor-2" }))).toMatchObject({
      code: "SLOT_TAKEN",
    });

    const { token } = kept.body;
    const longer = await post("/v1/public/holds/extend", { token });
    expect(longer.status).toBe(200);
    expect(longer.body).toMatchObject({ token, startsAt });
    expect(Date.parse(longer.body.expiresAt)).toBeGreaterThanOrEqual(Date.parse(kept.body.expiresAt));

    const released = await post("/v1/public/holds/release", { token });
    expect([released.status, released.text]).toEqual([204, ""]);
    expect((await hold(startsAt, { "x-visitor-id": "visitor-2" })).status).toBe(201);
    expect((await post("/v1/public/holds/extend", { token })).status).toBe(410);
  });

  it("asked again it is the same hold, and it moves to another time in one step (SCH-06)", async () => {
    const [first, second] = [nextStart(), nextStart()];
    const kept = await hold(first);
    const again = await hold(first);
    expect([again.status, again.body.startsAt]).toEqual([201, first]);
    const moved = await post("/v1/public/holds/move", { token: kept.body.token, startsAt: second });
    expect(moved.status).toBe(200);
    expect(moved.body).toMatchObject({ token: kept.body.token, startsAt: second });
    expect((await hold(first, { "x-visitor-id": "visitor-2" })).status).toBe(201);
    const refused = await post("/v1/public/holds/move", { token: kept.body.token, startsAt: first });
    expect(refusalOf(refused)).toMatchObject({ code: "SLOT_TAKEN" });
    expect((await post("/v1/public/holds/extend", { token: kept.body.token })).body.startsAt).toBe(second);
    expect((await post("/v1/public/holds/release", { token: kept.body.token })).status).toBe(204);
  });

  it.each([
    ["no calendar", { startsAt: "2027-03-01T09:00:00+02:00" }, 400, "VALIDATION"],
    [
      "a start without an offset",
      { calendar: "0190a5a0-1111-7111-8111-000000000000", startsAt: "2027-03-01T09:00" },
      400,
      "VALIDATION",
    ],
    [
      "a calendar that nobody has",
      { calendar: "0190a5a0-1111-7111-8111-000000000000", startsAt: "2027-03-01T09:00:00Z" },
      404,
      "NOT_FOUND",
    ],
    [
      "a field that is not known",
      { calendar: "0190a5a0-1111-7111-8111-000000000000", startsAt: "2027-03-01T09:00:00Z", force: true },
      400,
      "VALIDATION",
    ],
  ])("refuses %s and keeps nothing", async (_name, body, status, code) => {
    const before = await claims();
    const answer = await post("/v1/public/holds", body);
    expect(answer.status).toBe(status);
    expect(refusalOf(answer).code).toBe(code);
    expect(await claims()).toBe(before);
  });

  it("refuses a start that the calendar does not list, and tokens that were never given", async () => {
    expect(refusalOf(await hold("2027-03-01T03:07:00Z")).code).toBe("VALIDATION");
    for (const path of ["extend", "release"]) {
      const answer = await post(`/v1/public/holds/${path}`, { token: "0".repeat(32) });
      expect(refusalOf(answer)).toMatchObject({ code: "NOT_FOUND" });
    }
  });
});

describe("FND-26: the same request again, over HTTP", () => {
  it("is answered with the first hold and the first receipt, tokens included", async () => {
    const startsAt = nextStart();
    const [first, again] = [await hold(startsAt, key("h1")), await hold(startsAt, key("h1"))];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);

    const booking = { holdToken: first.body.token, ...contact };
    const booked = await post("/v1/public/bookings", booking, { ...key("b1"), "x-visitor-id": "visitor-1" });
    const bookedAgain = await post("/v1/public/bookings", booking, {
      ...key("b1"),
      "x-visitor-id": "visitor-1",
    });
    expect([booked.status, bookedAgain.status]).toEqual([201, 201]);
    expect(bookedAgain.body).toEqual(booked.body);
    expect(await api.sql("select from app_public.booking_requests")).toHaveLength(1);
  });

  it("ten times at once is one hold", async () => {
    const startsAt = nextStart();
    const before = await claims();
    const answers = await Promise.all(Array.from({ length: 10 }, () => hold(startsAt, key("at-once"))));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await claims()).toBe(before + 1);
  });

  it("with other values is 422, and nothing is kept", async () => {
    expect((await hold(nextStart(), key("h2"))).status).toBe(201);
    const before = await claims();
    const other = await hold(nextStart(), key("h2"));
    expect(other.status).toBe(422);
    expect(refusalOf(other)).toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
      reason: "idempotency_key_reused",
    });
    expect(await claims()).toBe(before);
  });

  it("from somebody else is another request: by visitor, and by network where nobody says who they are", async () => {
    const startsAt = nextStart();
    const first = await hold(startsAt, key("h3"));
    expect(refusalOf(await hold(startsAt, { ...key("h3"), "x-visitor-id": "visitor-9" })).code).toBe(
      "SLOT_TAKEN",
    );
    expect((await hold(startsAt, key("h3"))).body).toEqual(first.body);

    const nameless = (address: string, at: string) =>
      post("/v1/public/holds", { calendar, startsAt: at }, { ...key("h4"), "x-forwarded-for": address });
    const at = nextStart();
    const home = await nameless("2001:db8:1:2::7", at);
    expect(home.status).toBe(201);
    expect((await nameless("2001:db8:1:2:ffff::1", at)).body).toEqual(home.body);
    expect(refusalOf(await nameless("2001:db8:1:3::7", at)).code).toBe("SLOT_TAKEN");
    expect(refusalOf(await nameless("198.51.100.7", at)).code).toBe("SLOT_TAKEN");
  });

  it.each([
    ["empty", ""],
    ["of 201 characters", "k".repeat(201)],
    ["with a space in it", "two words"],
    ["outside ASCII", "cheia-\u00e9"],
  ])("under a key that is %s is refused before anything is done", async (_name, value) => {
    const before = await claims();
    const answer = await hold(nextStart(), { "idempotency-key": value });
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "idempotency_key_malformed" });
    expect(await claims()).toBe(before);
  });

  it("may have a key of 200 characters", async () => {
    expect((await hold(nextStart(), { "idempotency-key": "~".repeat(200) })).status).toBe(201);
  });

  it("may be sent by a page of any origin", async () => {
    const answer = await api.fetch("/v1/public/holds", {
      method: "OPTIONS",
      headers: { origin: "https://clinic.example", "access-control-request-method": "POST" },
    });
    expect(answer.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
  });
});

describe("FND-26: the same mutation again, over GraphQL", () => {
  const holdSlot = "slotHold { token startsAt expiresAt }";
  const mutate = (fields: string, headers: Record<string, string>): Promise<Answer> =>
    api.graphql(`mutation { ${fields} }`, { headers: { "x-visitor-id": "visitor-3", ...headers } });
  const holdAt = (startsAt: string) =>
    `holdSlot(input: {calendarId: "${calendar}", startsAt: "${startsAt}"}) { ${holdSlot} }`;

  it("is answered with the first result, and shares its key with the HTTP path", async () => {
    const startsAt = nextStart();
    const first = await mutate(holdAt(startsAt), key("g1"));
    expect(first.body.errors).toBeUndefined();
    expect((await mutate(holdAt(startsAt), key("g1"))).body).toEqual(first.body);
    const overHttp = await hold(startsAt, { ...key("g1"), "x-visitor-id": "visitor-3" });
    expect(overHttp.body.token).toBe(first.body.data.holdSlot.slotHold.token);
  });

  it("with other values is refused in its place", async () => {
    await mutate(holdAt(nextStart()), key("g2"));
    const before = await claims();
    const answer = await mutate(holdAt(nextStart()), key("g2"));
    expect(answer.body.data).toBeNull();
    expect(refusalOf(answer)).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    expect(await claims()).toBe(before);
  });

  it("is one mutation: several in a document under one key are refused, however they are written", async () => {
    const before = await claims();
    const [one, two] = [nextStart(), nextStart()];
    for (const document of [
      `mutation { a: ${holdAt(one)} b: ${holdAt(two)} }`,
      `mutation { ...both } fragment both on Mutation { a: ${holdAt(one)} ... on Mutation { b: ${holdAt(two)} } }`,
    ]) {
      const answer = await api.graphql(document, { headers: { "x-visitor-id": "visitor-3", ...key("g3") } });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "idempotency_key_for_several" });
      expect(await claims()).toBe(before);
    }
    const without = await api.graphql(`mutation { a: ${holdAt(one)} b: ${holdAt(two)} }`, {
      headers: { "x-visitor-id": "visitor-3" },
    });
    expect(without.body.errors).toBeUndefined();
    expect(await claims()).toBe(before + 2);
  });

  it("leaves no key and no token in the log", async () => {
    const startsAt = nextStart();
    const answer = await mutate(holdAt(startsAt), key("canary-key-4711"));
    expect(api.logs()).not.toContain("canary-key-4711");
    expect(api.logs()).not.toContain(answer.body.data.holdSlot.slotHold.token);
  });
});

function key(value: string): Record<string, string> {
  return { "idempotency-key": value };
}
