import { describe, expect, test } from "vitest";
import type { Booking, Clinic, Hold } from "../../client/generated/http.ts";
import { type Act, beginning, type Flow, resumed, type Stage, step } from "../booking/flow.ts";

// APT-05: the way to a booking, without a browser. What the steps show is looked at in server/tests/pages/booking.cases.ts.

const specialist = (id: string) => ({ id, title: null, givenName: id, familyName: "Pop", specialties: [] });
const calendar = (id: string, more: object = {}) => ({
  id,
  serviceId: "s",
  name: id,
  translations: {},
  timezone: "Europe/Bucharest",
  modality: "in_person",
  assignmentStrategy: "round_robin",
  allowsAnySpecialist: true,
  durationMinutes: 60,
  priceAmount: 100,
  currency: "RON",
  specialists: [],
  capacity: 1,
  ...more,
});
const pick = calendar("pick", {
  assignmentStrategy: "specific",
  allowsAnySpecialist: false,
  specialists: [specialist("ana"), specialist("dan")],
});
const clinicOf = (...calendars: object[]) => ({ services: [], calendars }) as unknown as Clinic;
const two = clinicOf(calendar("assigned"), pick);
const hold = (calendarId: string, specialistId = "ana") =>
  ({
    token: "t",
    calendarId,
    specialistId,
    startsAt: "2026-12-03T07:00:00Z",
    expiresAt: "",
  }) as unknown as Hold;
const booked = { token: "b" } as unknown as Booking;
const lost = { startsAt: "2026-12-03T07:00:00Z", message: "gone", code: "SLOT_TAKEN slot_taken" };

const walk = (clinic: Clinic, acts: Act[], from: Flow = resumed(clinic, {}, "service")): Flow =>
  acts.reduce((flow, act) => step(clinic, flow, act), from);
const held: Act[] = [
  { type: "calendar", id: "assigned" },
  { type: "held", hold: hold("assigned"), day: "2026-12-03", goesOn: true },
];

describe("the steps to a booking", () => {
  test("ask only what there is to choose", () => {
    expect(walk(two, []).stage).toBe("service");
    expect(walk(two, [{ type: "calendar", id: "assigned" }]).stage).toBe("when");
    expect(walk(two, [{ type: "calendar", id: "pick" }]).stage).toBe("specialist");
    expect(walk(clinicOf(pick), []).stage).toBe("specialist");
    expect(walk(clinicOf(calendar("one")), []).stage).toBe("when");
    const alone = calendar("alone", { assignmentStrategy: "specific", specialists: [specialist("ana")] });
    expect(walk(clinicOf(alone), []).stage).toBe("when");
  });

  test("take any specialist only where the calendar lets", () => {
    expect(walk(clinicOf(pick), [{ type: "specialist", who: "any" }]).stage).toBe("specialist");
    expect(
      walk(clinicOf({ ...pick, allowsAnySpecialist: true }), [{ type: "specialist", who: "any" }]).stage,
    ).toBe("when");
    expect(walk(clinicOf(pick), [{ type: "specialist", who: "dan" }]).stage).toBe("when");
  });

  test.each<[Stage, Stage]>([
    ["details", "when"],
    ["waitlist", "waitlist"],
    ["done", "when"],
  ])("nobody stands at %s without what comes before", (wanted, stands) => {
    expect(walk(two, [{ type: "go", stage: wanted }]).stage).toBe("service");
    expect(
      walk(two, [
        { type: "calendar", id: "assigned" },
        { type: "go", stage: wanted },
      ]).stage,
    ).toBe(stands);
  });

  test("going back and forth keeps the time and what was typed", () => {
    const flow = walk(two, [
      ...held,
      { type: "typed", typed: { givenName: "Ioana" } },
      { type: "go", stage: "when" },
      { type: "go", stage: "details" },
    ]);
    expect(flow).toMatchObject({ stage: "details", hold: { token: "t" }, typed: { givenName: "Ioana" } });
  });

  test("a lost time loses nothing else, and another one goes on", () => {
    const typed: Act = { type: "typed", typed: { givenName: "Ioana" } };
    const gone = walk(two, [...held, typed, { type: "lost", lost, hold: null }]);
    expect(gone).toMatchObject({ stage: "details", hold: null, lost, typed: { givenName: "Ioana" } });
    const found = step(two, gone, { type: "held", hold: hold("assigned"), day: "2026-12-04", goesOn: true });
    expect(found).toMatchObject({
      stage: "details",
      lost: null,
      day: "2026-12-04",
      typed: { givenName: "Ioana" },
    });
  });

  test("who did not get another time keeps the one that they had", () => {
    const flow = walk(two, [
      ...held,
      { type: "go", stage: "when" },
      { type: "lost", lost, hold: hold("assigned") },
    ]);
    expect(flow).toMatchObject({ stage: "when", lost });
    expect(step(two, flow, { type: "go", stage: "details" })).toMatchObject({ stage: "details", lost: null });
  });

  test("keeping a time longer is no step", () => {
    const back = walk(two, [...held, { type: "go", stage: "when" }]);
    expect(step(two, back, { type: "held", hold: hold("assigned"), day: null, goesOn: false }).stage).toBe(
      "when",
    );
  });

  test("another calendar is another choice of specialist, day and time; the same one is not", () => {
    const flow = walk(two, [...held, { type: "calendar", id: "pick" }]);
    expect(flow).toMatchObject({ stage: "specialist", specialist: null, day: null, hold: null });
    expect(walk(two, [...held, { type: "calendar", id: "assigned" }]).hold).not.toBeNull();
  });

  test("an offered time names its calendar and specialist", () => {
    expect(
      walk(two, [{ type: "held", hold: hold("pick", "dan"), day: "2026-12-03", goesOn: true }]),
    ).toMatchObject({
      stage: "details",
      calendarId: "pick",
      specialist: "dan",
    });
  });

  test("who has booked stays there, and nothing typed is left for the next person", () => {
    const flow = walk(two, [
      ...held,
      { type: "typed", typed: { givenName: "Ioana" } },
      { type: "booked", booked },
    ]);
    expect(flow).toMatchObject({ stage: "done", typed: {}, hold: null });
    expect(step(two, flow, { type: "go", stage: "details" }).stage).toBe("done");
    expect(step(two, flow, { type: "again" })).toEqual(beginning);
  });

  test("loading the page again goes on, unless the clinic no longer offers it", () => {
    const { stage: _, ...kept } = walk(two, [...held, { type: "typed", typed: { givenName: "Ioana" } }]);
    expect(resumed(two, kept, "details")).toMatchObject({ stage: "details", typed: { givenName: "Ioana" } });
    expect(resumed(two, kept, "when").stage).toBe("when");
    expect(resumed(clinicOf(pick, calendar("other")), kept, "details")).toMatchObject({
      stage: "service",
      hold: null,
      typed: { givenName: "Ioana" },
    });
  });
});
