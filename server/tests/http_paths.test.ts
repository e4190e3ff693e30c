import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guestBookingCases } from "./guest_booking.cases.ts";
import { publicClinicCases } from "./public_clinic.cases.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let calendar: string;
let from: string;
let to: string;

beforeAll(async () => {
  api = await startTestApi({ because: "times are held and booked over HTTP for good" });
  const [made] = await api.sql(`
    select tests.clinic('atlas');
    select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
    select tests.calendar('mondays', specialists => '{ana}', minutes => 60);
    select tests.id('mondays') as calendar,
           to_json(date_trunc('week', now() at time zone 'UTC') + interval '7 days') #>> '{}' || 'Z' as "from",
           to_json(date_trunc('week', now() at time zone 'UTC') + interval '8 days') #>> '{}' || 'Z' as "to"`);
  ({ calendar, from, to } = made);
});
afterAll(() => api.close());

const availability = (query: Record<string, string>) =>
  api.fetch(`/v1/public/availability?${new URLSearchParams(query)}`);
const book = (body: Json, headers: Record<string, string> = {}) =>
  api.fetch("/v1/public/bookings", {
    method: "POST",
    headers: { "content-type": "application/json", "x-visitor-id": "visitor-1", ...headers },
    body: JSON.stringify(body),
  });
const contact = {
  givenName: "Ioana",
  familyName: "Țepeș",
  email: "ioana.tepes@example.org",
  phone: "0722 123 456",
  message: "Mă doare umărul.",
  locale: "ro",
};

async function hold(startsAt: string): Promise<string> {
  const { body } = await api.graphql(
    "mutation ($calendar: UUID!, $at: Datetime!) { holdSlot(input: {calendarId: $calendar, startsAt: $at}) { slotHold { token } } }",
    { variables: { calendar, at: startsAt }, headers: { "x-visitor-id": "visitor-1" } },
  );
  return body.data.holdSlot.slotHold.token;
}

describe("APT-05: what is missing is named", () => {
  it.each([
    ["a calendar", () => availability({ from, to }), "calendar"],
    ["a name", () => book({ holdToken: "x".repeat(32), ...contact, givenName: undefined }), "givenName"],
    ["everything", () => book({}), "holdToken"],
  ])("%s", async (_, ask, field) => {
    const answer = await ask();
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({
      code: "VALIDATION",
      reason: "required",
      details: { field },
      hint: `${field} is required. Fill it in.`,
    });
  });
});

describe("APT-05: what a booking page reads", () => publicClinicCases(() => ({ api, calendar, from })));

describe("APT-05: GET /v1/public/availability", () => {
  it("lists what the calendar offers, to somebody without an account", async () => {
    const answer = await availability({ calendar, from, to });
    expect(answer.status).toBe(200);
    expect(answer.body.slots).toHaveLength(3);
    expect(Object.keys(answer.body.slots[0]).sort()).toEqual([
      "endsAt",
      "localStart",
      "seatsLeft",
      "specialistEndsAt",
      "specialistIds",
      "startsAt",
    ]);
    expect(answer.body.slots[0].localStart).toMatch(/T09:00:00\+0[23]:00$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["no calendar", { calendar: "" }, "calendar"],
    ["a calendar that is no id", { calendar: "mondays" }, "calendar"],
    ["an instant without an offset", { from: "2027-03-01T09:00:00" }, "from"],
    ["an end that is no instant", { to: "soon" }, "to"],
    ["a parameter that is not known", { organization: "atlas" }, "organization"],
  ])("refuses %s and names the field", async (_name, change, field) => {
    const answer = await availability({ calendar, from, to, ...change } as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field } });
  });

  it("passes on what the database refuses, with its status", async () => {
    const inverted = await availability({ calendar, from: to, to: from });
    expect(inverted.status).toBe(400);
    expect(refusalOf(inverted)).toMatchObject({ code: "VALIDATION", reason: "window_inverted" });
    const unknown = await availability({ calendar: "0190a5a0-1111-7111-8111-000000000000", from, to });
    expect(unknown.status).toBe(404);
    expect(refusalOf(unknown)).toMatchObject({ code: "NOT_FOUND", reason: "calendar_not_found" });
  });
});

describe("APT-05: POST /v1/public/bookings", () => {
  it("turns a hold into a booking request, once", async () => {
    const { body } = await availability({ calendar, from, to });
    const holdToken = await hold(body.slots[0].startsAt);
    expect((await availability({ calendar, from, to })).body.slots).toHaveLength(2);

    const answer = await book({ holdToken, ...contact });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: "requested",
      startsAt: body.slots[0].startsAt,
      timezone: "Europe/Bucharest",
    });
    expect(await api.sql("select given_name, phone, email from app_public.booking_requests")).toEqual([
      { given_name: "Ioana", phone: "+40722123456", email: "ioana.tepes@example.org" },
    ]);

    const again = await book({ holdToken, ...contact });
    expect([404, 409, 410]).toContain(again.status);
    expect(await api.sql("select from app_public.booking_requests")).toHaveLength(1);
  });

  it.each([
    ["a token that was never given", { holdToken: "0".repeat(32) }, 404, "NOT_FOUND"],
    ["no token", { holdToken: undefined }, 400, "VALIDATION"],
    ["an email that is none", { email: "ioana" }, 400, "VALIDATION"],
    ["a blank name", { givenName: "  " }, 400, "VALIDATION"],
    ["a field that is not known", { isAdmin: true }, 400, "VALIDATION"],
    ["a language nobody speaks here", { locale: "tlh" }, 400, "VALIDATION"],
  ])("refuses %s and writes nothing", async (_name, change, status, code) => {
    const before = await api.sql("select from app_public.booking_requests");
    const answer = await book({ holdToken: "1".repeat(32), ...contact, ...change });
    expect(answer.status).toBe(status);
    expect(refusalOf(answer).code).toBe(code);
    expect(answer.text).not.toContain("ioana.tepes");
    expect(await api.sql("select from app_public.booking_requests")).toHaveLength(before.length);
  });

  it("reads JSON and nothing else", async () => {
    expect((await book(contact, { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
    expect((await book({ ...contact, message: "x".repeat(100_001) })).status).toBe(413);
  });
});

describe("APT-05: a booking behind its link", () =>
  guestBookingCases(() => ({
    api,
    async free() {
      const { body } = await availability({ calendar, from, to });
      return body.slots.map((slot: Json) => slot.startsAt);
    },
    async request(startsAt) {
      return (await book({ holdToken: await hold(startsAt), ...contact })).body;
    },
  })));

describe("FRM-02: the language of forms", () => {
  it("is served to whoever writes an editor", async () => {
    const { status, body } = await api.fetch("/form-content.schema.json");
    expect(status).toBe(200);
    expect(body.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(Object.keys(body.$defs)).toEqual(expect.arrayContaining(["Condition", "Item", "Score", "Text"]));
  });
});

describe("FND-29: the HTTP contract", () => {
  it("is OpenAPI 3.1 and lists exactly the paths that are served", async () => {
    const { body } = await api.fetch("/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths)).toEqual([
      "/v1/public/availability",
      "/v1/public/availability/live",
      "/v1/public/clinic",
      "/v1/public/availability/days",
      "/v1/public/availability/next",
      "/v1/public/holds",
      "/v1/public/holds/extend",
      "/v1/public/holds/move",
      "/v1/public/holds/release",
      "/v1/public/bookings",
      "/v1/public/bookings/read",
      "/v1/public/bookings/times",
      "/v1/public/bookings/times/days",
      "/v1/public/bookings/times/next",
      "/v1/public/bookings/cancel",
      "/v1/public/bookings/move",
      "/v1/public/waitlist",
      "/v1/public/waitlist/leave",
      "/v1/public/offers/take",
      "/v1/calendar-feeds/{token}.ics",
      "/v1/signing",
      "/v1/signing/identify",
      "/v1/signing/form",
      "/v1/signing/answers",
      "/v1/signing/files",
      "/v1/signing/files/{id}/confirm",
      "/v1/signing/sign",
      "/v1/signing/refuse",
      "/v1/forms/{id}/revoke-signature-link",
      "/v1/forms/{id}/proof",
      "/v1/document-templates/preview",
      "/v1/me/consents",
      "/v1/organizations/{id}/patients/{patient_id}/consents",
      "/v1/portal/exercises",
      "/v1/admin/exercises/{slug}/renders",
      "/v1/me/exercise-sessions",
      "/v1/patients/{id}/exercise-sessions",
      "/v1/exercise-sessions/{id}/replay",
      "/v1/ai-calls",
      "/v1/patient-subscriptions/{externalReference}/status",
      "/v1/webhooks/{provider}",
      "/v1/webhooks/{provider}/{integrationId}",
    ]);
    expect(body.components.schemas.BookingRequest.required).toEqual([
      "holdToken",
      "givenName",
      "familyName",
      "email",
      "phone",
    ]);
    expect(body.components.schemas.BookingRequest.additionalProperties).toBe(false);
    for (const reference of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(body.components.schemas).toHaveProperty(reference[1] ?? "");
    }
  });

  it.each(["/v1/public/nothing", "/v1", "/admin", "/graphql/stream", "/.env"])(
    "knows no %s",
    async (path) => {
      const answer = await api.fetch(path);
      expect(answer.status).toBe(404);
      expect(refusalOf(answer)).toMatchObject({ code: "ROUTE_NOT_FOUND" });
    },
  );

  it("sends its headers with every answer, refusals included", async () => {
    for (const path of ["/healthz", "/nothing", "/graphql"]) {
      const { headers } = await api.fetch(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it("lets a page of any origin ask, without credentials", async () => {
    const answer = await api.fetch("/graphql", {
      method: "OPTIONS",
      headers: {
        origin: "https://clinic.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });
});
