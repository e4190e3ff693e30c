import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** SCH-06. A hold among bookings of years; each is taken back, so that the next finds the same time free. */
export default {
  claim: "hold a slot, the more past bookings",
  unit: "ms",
  goal: { ratioAtMost: 1.3 },
  measure: (bench) =>
    measureGrowth(bench, ({ calendarId }) => ({
      caller: { visitorId: "growing" },
      text: `select * from app_public.hold_slot($1,
        (select starts_at from app_public.available_slots($1, now() + interval '2 days', now() + interval '3 days') limit 1))`,
      values: [calendarId],
    })),
} satisfies Row;
