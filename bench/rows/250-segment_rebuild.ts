import { bigSegments, refresh } from "../big_segments.ts";
import type { Row } from "../row.ts";

/** SEG-03. Every patient is looked at for every segment, and the members are the same afterwards. */
export default {
  claim: "50 segments of 100,000 patients, rebuilt",
  unit: "ms",
  goal: { atMost: 10_000 },
  async measure(bench) {
    const { firstFillMs } = await bigSegments(bench);
    const members = `select count(*)::int as members, count(*) filter (where left_at is null)::int as present
      from app_public.segment_members where organization_id = bench_id('segments')`;
    const { rows: before } = await bench.admin.query(members);
    await bench.admin.query(
      `insert into app_private.segment_marks (organization_id, segment_id)
       select segments.organization_id, segments.id from app_public.segments where segments.organization_id = bench_id('segments')`,
    );
    const began = performance.now();
    await refresh(bench);
    const rebuilt = performance.now() - began;
    const { rows: found } = await bench.admin.query(members);
    return {
      measured: rebuilt,
      against: { what: `the first fill, which writes ${found[0].members} stays`, value: firstFillMs },
      conditions: {
        "nobody moved": found[0].members === before[0].members && found[0].present === before[0].present,
        "somebody is in": found[0].members > 0,
      },
    };
  },
} satisfies Row;
