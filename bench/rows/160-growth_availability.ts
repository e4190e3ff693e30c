import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** SCH-05. Bookings of years lie behind what a visitor looks at. */
export default {
  claim: "slots of 20 specialists, 30 days, the more past bookings",
  unit: "ms",
  goal: { ratioAtMost: 1.3 },
  measure: (bench) =>
    measureGrowth(bench, ({ calendarId }) => ({
      caller: {},
      text: "select * from app_public.available_slots($1, now(), now() + interval '30 days')",
      values: [calendarId],
      rows: 100,
    })),
} satisfies Row;
