import { listSlots } from "../peer.ts";
import { median, type Row, time, timeCall } from "../row.ts";

/** SCH-05. The month picker: a day is done at its first slot. */
export default {
  claim: "bookable days of a month, 20 specialists",
  unit: "ms",
  goal: { ratioAtMost: 0.6 },
  async measure(bench) {
    const { poolCalendarId } = bench.fixture;
    const ours = await timeCall(
      bench,
      {},
      {
        text: "select app_public.available_days($1, current_date, current_date + 30)",
        values: [poolCalendarId],
      },
    );
    const from = new Date();
    const to = new Date(from.getTime() + 30 * 86_400_000);
    const peer = await time(bench.short ? 1 : 15, async () => {
      const slots = await listSlots(bench.admin, poolCalendarId, from, to);
      return new Set(slots.map(({ start }) => new Date(start).toISOString().slice(0, 10)));
    });
    return {
      measured: ours.median,
      against: { what: "the days of a whole listing, in TypeScript", value: median(peer) },
    };
  },
} satisfies Row;
