import { listSlots } from "../peer.ts";
import { median, type Row, time, timeCall } from "../row.ts";

/** SCH-05. */
export default {
  claim: "slots of 1 specialist, 30 days",
  unit: "ms",
  goal: { ratioAtMost: 0.75 },
  async measure(bench) {
    const { singleCalendarId } = bench.fixture;
    const ours = await timeCall(
      bench,
      {},
      {
        text: "select * from app_public.available_slots($1, now(), now() + interval '30 days')",
        values: [singleCalendarId],
      },
    );
    const from = new Date();
    const to = new Date(from.getTime() + 30 * 86_400_000);
    let theirs = 0;
    const peer = await time(bench.short ? 1 : 15, async () => {
      theirs = (await listSlots(bench.admin, singleCalendarId, from, to)).length;
    });
    return {
      measured: ours.median,
      against: { what: "fetch and compute in TypeScript", value: median(peer) },
      conditions: { "ours and the peer list the same number": ours.rows === theirs },
    };
  },
} satisfies Row;
