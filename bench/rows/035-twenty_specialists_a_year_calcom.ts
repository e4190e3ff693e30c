import { besideCalcom } from "../calcom/beside.ts";
import type { Row } from "../row.ts";

/** SCH-05. */
export default {
  claim: "slots of 20 specialists, 365 days, 2,000 bookings, beside cal.com",
  unit: "ms",
  goal: { ratioAtMost: 0.15 },
  measure: (bench) => {
    const { fixture } = bench;
    return besideCalcom(bench, {
      calendarId: fixture.pickCalendarId,
      days: 365,
      caller: { principalId: fixture.staffId },
      rounds: 3,
    });
  },
} satisfies Row;
