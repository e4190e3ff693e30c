import { listSlots } from "../peer.ts";
import { median, type Row, time, timeCall } from "../row.ts";

/** SCH-05. Each start with who is free, because the visitor picks. */
export default {
  claim: "slots of 20 specialists, 30 days, 800 bookings",
  unit: "ms",
  goal: { ratioAtMost: 0.9 },
  async measure(bench) {
    const { pickCalendarId } = bench.fixture;
    const ours = await timeCall(
      bench,
      {},
      {
        text: "select * from app_public.available_slots($1, now(), now() + interval '30 days')",
        values: [pickCalendarId],
      },
    );
    const from = new Date();
    const to = new Date(from.getTime() + 30 * 86_400_000);
    let theirs = 0;
    const peer = await time(bench.short ? 1 : 15, async () => {
      theirs = (await listSlots(bench.admin, pickCalendarId, from, to)).length;
    });
    return {
      measured: ours.median,
      against: { what: "fetch and compute in TypeScript", value: median(peer) },
      conditions: { "ours and the peer list the same number": ours.rows === theirs },
    };
  },
} satisfies Row;
