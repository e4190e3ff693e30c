import { describe, expect, test } from "vitest";
import * as times from "../booking/times.ts";

describe("days and clocks of the booking page (APT-05)", () => {
  test.each([
    ["2026-12", 1, 31],
    ["2026-02", 6, 28],
    ["2028-02", 1, 29],
    ["2026-06", 0, 30],
  ])("%s begins after %i empty places of a week from Monday and has %i days", (month, blank, count) => {
    const { blank: found, days } = times.daysIn(month);
    expect([found, days.length, days[0], days.at(-1)]).toEqual([
      blank,
      count,
      `${month}-01`,
      `${month}-${count}`,
    ]);
  });

  test("months are counted across years", () => {
    expect([
      times.addMonths("2026-12", 1),
      times.addMonths("2026-01", -1),
      times.addMonths("2026-08", 0),
    ]).toEqual(["2027-01", "2025-12", "2026-08"]);
  });

  test.each([
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Europe/Bucharest",
    "America/Santiago",
    "Australia/Lord_Howe",
  ])("the window around a day holds all of it in %s, whatever its clocks do that day", (zone) => {
    for (const day of ["2026-03-29", "2026-10-25", "2026-09-06", "2026-12-03"]) {
      const { from, to } = times.windowAround(day);
      const outside = [from.getTime() - 1, to.getTime()].map((at) =>
        times.dayOf(times.localIn(zone, new Date(at).toISOString())),
      );
      expect(outside).not.toContain(day);
    }
  });

  test("an instant is told by the clinic's clocks, and by one's own where those differ", () => {
    const start = "2026-12-03T22:30:00Z";
    expect(times.localIn("Europe/Bucharest", start).localStart).toBe("2026-12-04T00:30:00");
    expect(times.ownClock("Europe/Bucharest", start, "en", "Europe/Athens")).toBeNull();
    expect(times.ownClock("Europe/Bucharest", start, "en", "Asia/Tokyo")).toBe("07:30");
    expect(times.ownClock("Europe/Bucharest", start, "en", "Europe/London")).toBe(
      "Thursday, 3 December 2026, 22:30",
    );
    expect(times.ownClock("Europe/Bucharest", start, "ro", "Europe/London")).toBe(
      "joi, 3 decembrie 2026, 22:30",
    );
  });

  test("the nearest times stand on both sides, in their order, without the lost one", () => {
    const slots = [7, 8, 9, 10, 12, 15].map((hour) => ({
      startsAt: `2026-12-03T${String(hour).padStart(2, "0")}:00:00+00:00`,
    }));
    const found = times
      .nearest(slots, "2026-12-03T10:00:00Z", 3)
      .map(({ startsAt }) => startsAt.slice(11, 13));
    expect(found).toEqual(["08", "09", "12"]);
  });

  test("nothing that is over is looked for around a lost time", () => {
    const now = Date.parse("2026-12-03T09:00:00Z");
    expect(times.windowNear("2026-12-03T10:00:00Z", now).from).toEqual(new Date(now));
    expect(times.windowNear("2026-12-10T10:00:00Z", now).from).toEqual(new Date("2026-12-09T10:00:00Z"));
    const { from, to } = times.windowNear("2026-12-01T10:00:00Z", now);
    expect(to.getTime()).toBeGreaterThan(from.getTime());
  });

  test("what is left is told in minutes and seconds, and never less than nothing", () => {
    expect([601_000, 59_999, 999, -5_000].map(times.countdown)).toEqual(["10:01", "0:59", "0:00", "0:00"]);
  });

  test("weeks begin on Monday in both languages", () => {
    expect([times.weekdays("en")[0], times.weekdays("ro")[0], times.weekdays("en")[6]]).toEqual([
      "Mon",
      "lun.",
      "Sun",
    ]);
  });
});
