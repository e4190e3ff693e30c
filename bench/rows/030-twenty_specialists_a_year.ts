import { listSlots } from "../peer.ts";
import { median, type Row, time, timeCall } from "../row.ts";

/** SCH-05. Only staff may ask for so much at once. */
export default {
  claim: "slots of 20 specialists, 365 days, 2,000 bookings",
  unit: "ms",
  goal: { ratioAtMost: 1 },
  async measure(bench) {
    const { pickCalendarId, staffId } = bench.fixture;
    const ours = await timeCall(
      bench,
      { principalId: staffId },
      {
        text: "select * from app_public.available_slots($1, now(), now() + interval '365 days')",
        values: [pickCalendarId],
      },
      7,
    );
    const from = new Date();
    const to = new Date(from.getTime() + 365 * 86_400_000);
    let theirs = 0;
    const peer = await time(bench.short ? 1 : 7, async () => {
      theirs = (await listSlots(bench.admin, pickCalendarId, from, to)).length;
    });
    return {
      measured: ours.median,
      against: { what: "fetch and compute in TypeScript", value: median(peer) },
      conditions: { "ours and the peer list the same number": ours.rows === theirs },
    };
  },
} satisfies Row;
