import { besideCalcom } from "../calcom/beside.ts";
import type { Row } from "../row.ts";

/** SCH-05. */
export default {
  claim: "slots of 1 specialist, 30 days, beside cal.com",
  unit: "ms",
  goal: { ratioAtMost: 0.2 },
  measure: (bench) => {
    const { fixture } = bench;
    return besideCalcom(bench, { calendarId: fixture.singleCalendarId, days: 30 });
  },
} satisfies Row;
