import { expect, it } from "vitest";
import { refusalOf, type TestApi } from "./support.ts";

/** What a booking page reads before anything is kept. In a calendar of one Monday a week, 09:00 to 12:00, an hour each. */
export function publicClinicCases(given: () => { api: TestApi; calendar: string; from: string }): void {
  const read = (path: string, query: Record<string, string>) =>
    given().api.fetch(`/v1/public/${path}?${new URLSearchParams(query)}`);

  it("shows a clinic with its services and calendars, to somebody without an account", async () => {
    const { status, body, headers } = await read("clinic", { slug: "atlas" });
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toMatchObject({ slug: "atlas", locale: "ro", timezone: "Europe/Bucharest" });
    expect(body.services).toHaveLength(1);
    expect(body.calendars).toMatchObject([
      {
        id: given().calendar,
        serviceId: body.services[0].id,
        durationMinutes: 60,
        priceAmount: 20_000,
        currency: "RON",
        modality: "in_person",
        assignmentStrategy: "round_robin",
        capacity: 1,
        specialists: [],
      },
    ]);
  });

  it("lists the days of a month with free times, and the next ones", async () => {
    const { calendar, from } = given();
    const monday = from.slice(0, 10);
    const week = new Date(Date.parse(from) + 7 * 24 * 60 * 60_000).toISOString().slice(0, 10);
    expect((await read("availability/days", { calendar, from: monday, to: week })).body).toEqual({
      days: [monday],
    });
    const next = await read("availability/next", { calendar, count: "2" });
    expect(next.body.slots).toHaveLength(2);
    expect((await read("availability/next", { calendar })).body.slots).toEqual([next.body.slots[0]]);
  });

  it.each([
    ["a clinic that is none", "clinic", { slug: "nobody" }, 404, "organization_not_found"],
    ["a clinic without a name", "clinic", {}, 400, "required"],
    ["a name with a null in it", "clinic", { slug: "a\0" }, 400, undefined],
    [
      "a calendar that is none",
      "availability/next",
      { calendar: crypto.randomUUID() },
      404,
      "calendar_not_found",
    ],
    ["no day", "availability/days", { from: "2026-13-40", to: "2026-12-01" }, 400, "field_invalid"],
    ["a year of days", "availability/days", { from: "2026-01-01", to: "2027-01-01" }, 400, undefined],
    ["too many times", "availability/next", { count: "51" }, 400, "field_invalid"],
    ["what nobody asked for", "availability/next", { hold: "1" }, 400, "field_unknown"],
  ])("refuses %s", async (_, path, query: Record<string, string>, status, reason) => {
    const answer = await read(path, path === "clinic" ? query : { calendar: given().calendar, ...query });
    expect([answer.status, refusalOf(answer).reason]).toEqual([status, reason ?? expect.any(String)]);
  });
}
