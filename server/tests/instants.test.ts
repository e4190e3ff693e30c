import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { propertyRuns } from "../../db/testing/property.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { readDate, readInstant, readTime } from "../instant.ts";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ because: "every field of its schema that takes an instant is asked" });
});
afterAll(() => api.close());

const calendar = "0199c0de-0000-7000-8000-000000000001";
const wrong = [
  "2026-12-11T09:00:00",
  "2026-12-11 09:00",
  "2026-12-11",
  "tomorrow",
  "now",
  "infinity",
  "-infinity",
  "epoch",
  "294276-12-31T00:00:00Z",
  "4713-01-01T00:00:00Z BC",
  "-004712-01-01T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+02:00",
  "9999-12-31T23:59:59-01:00",
  "2027-02-29T09:00:00Z",
  "2026-12-11T24:00:00Z",
  "2026-12-11T09:00:60Z",
  "2026-12-11T09:00:00 Europe/Bucharest",
  "2026-12-11T09:00:00+16:00",
  "",
];

describe("FND-29: an instant needs its offset or Z", () => {
  it.each(wrong)(
    "%j is VALIDATION, in a variable, a literal and a filter, and is not repeated",
    async (at) => {
      const hold = `holdSlot(input: {calendarId: "${calendar}", startsAt: `;
      const asked = [
        api.graphql(`mutation ($at: Datetime!) { ${hold} $at}) { slotHold { token } } }`, {
          variables: { at },
        }),
        api.graphql(`mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { slotHold { token } } }`, {
          variables: { input: { calendarId: calendar, startsAt: at } },
        }),
        api.graphql(`mutation { ${hold} ${JSON.stringify(at)}}) { slotHold { token } } }`),
        api.graphql(
          `{ appointments(filter: {startsAt: {lessThan: ${JSON.stringify(at)}}}) { nodes { id } } }`,
          {
            token: api.token(),
          },
        ),
        api.graphql("query ($filter: AppointmentFilter) { appointments(filter: $filter) { nodes { id } } }", {
          token: api.token(),
          variables: { filter: { startsAt: { in: [at] } } },
        }),
      ];
      for (const answer of await Promise.all(asked)) {
        expect(refusalOf(answer)).toMatchObject({
          code: "VALIDATION",
          reason: "instant_invalid",
          details: { scalar: "Datetime" },
        });
        if (at.length > 3) expect(answer.text).not.toContain(at);
      }
    },
  );

  it.each(["2026-12-11T09:00:00", "tomorrow", "infinity", "294276-12-31T00:00:00Z", "0000-01-01T00:00:00Z"])(
    "%j is VALIDATION over HTTP too",
    async (startsAt) => {
      const answer = await api.fetch("/v1/public/holds", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ calendar, startsAt }),
      });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field: "startsAt" } });
      const query = new URLSearchParams({ calendar, from: startsAt, to: "2027-01-01T00:00:00Z" });
      expect(refusalOf(await api.fetch(`/v1/public/availability?${query}`))).toMatchObject({
        code: "VALIDATION",
        details: { field: "from" },
      });
    },
  );

  it("and with one it is asked about", async () => {
    for (const at of ["2027-03-08T10:00:00+02:00", "2027-03-08T08:00:00.123456Z", "2027-03-08 10:00+02"]) {
      const answer = await api.graphql(
        "mutation ($at: Datetime!, $id: UUID!) { holdSlot(input: {calendarId: $id, startsAt: $at}) { slotHold { token } } }",
        { variables: { at, id: calendar } },
      );
      expect(refusalOf(answer).code).toBe("NOT_FOUND");
    }
  });
});

describe("FND-29: a day and a time of day", () => {
  it.each(["infinity", "today", "epoch", "2027-02-30", "0000-01-01", "10000-01-01", "2027-1-1", "8.3.2027"])(
    "%j is no day",
    async (day) => {
      const answer = await api.graphql(
        "query ($day: Date!, $id: UUID!) { availableDays(calendarId: $id, from: $day, to: $day) { nodes } }",
        { variables: { day, id: calendar } },
      );
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "date_invalid" });
    },
  );

  it.each(["now", "allballs", "25:00", "09:60", "24:01", "9:00", "09:00+02"])("%j is no time", (time) => {
    expect(() => readTime(time)).toThrow(Refusal);
  });
  it.each(["00:00", "09:30:15", "24:00", "24:00:00"])("%j is a time", (time) => {
    expect(readTime(time)).toBe(time);
  });

  it("every day and instant that JavaScript writes is read, and PostgreSQL reads the same", async () => {
    const dates = fc.sample(
      fc.date({
        min: new Date("0001-01-02T00:00:00Z"),
        max: new Date("9999-12-30T00:00:00Z"),
        noInvalidDate: true,
      }),
      propertyRuns(500),
    );
    const written = dates.map((date) => readInstant(date.toISOString()));
    for (const text of written) readDate(text.slice(0, 10));
    const rows = await api.sql(
      "select round(extract(epoch from at::timestamptz) * 1000)::bigint::text as at from unnest($1::text[]) as at",
      [written],
    );
    expect(rows.map(({ at }) => Number(at))).toEqual(dates.map((date) => date.getTime()));
  });
});
