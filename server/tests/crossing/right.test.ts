import { expect, test } from "vitest";
import { askRightly } from "./right.ts";

test("FND-05: every verb can be asked rightly, so that what it answers about rows of others means something", async () => {
  const { right, unmade, listings } = await askRightly();
  expect(Object.fromEntries(unmade)).toEqual({});
  expect(right.size).toBeGreaterThan(90);
  // SCH-07: whatever a verb does to the times of a calendar is told to whoever watches it.
  expect(listings.untold).toEqual([]);
  expect([...listings.changing]).toEqual(
    expect.arrayContaining([
      "bookSeries",
      "deleteServiceSpecialist",
      "holdSlot",
      "moveHold",
      "releaseHold",
      "removeCalendar",
      "rescheduleAppointment",
      "setWeeklyHours",
    ]),
  );
});
