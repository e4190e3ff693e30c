import { bigSegments } from "../big_segments.ts";
import type { Row } from "../row.ts";

/** SEG-03. Every patient is looked at for every segment, and the members are the same afterwards. */
export default {
  claim: "50 segments of 100,000 patients, rebuilt",
  unit: "ms",
  goal: { atMost: 10_000 },
  async measure(bench) {
    const { firstFillMs } = await bigSegments(bench);
    const began = performance.now();
    const { rows } = await bench.admin.query(
      `select sum(app_private.rebuild_segment(ordered.organization_id, ordered.id))::int as moved
       from app_private.segments_in_order(bench_id('segments')) as ordered`,
    );
    const rebuilt = performance.now() - began;
    const { rows: found } = await bench.admin.query(
      "select count(*)::int as members from app_public.segment_members where organization_id = bench_id('segments')",
    );
    return {
      measured: rebuilt,
      against: { what: `the first fill, which writes ${found[0].members} stays`, value: firstFillMs },
      conditions: { "nobody moved": rows[0].moved === 0, "somebody is in": found[0].members > 0 },
    };
  },
} satisfies Row;
