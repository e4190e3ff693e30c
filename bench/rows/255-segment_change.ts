import { bigSegments, refresh } from "../big_segments.ts";
import { median, type Row, time } from "../row.ts";

/** SEG-03. One patient's visit comes or goes: ten of 50 segments count visits, ten more name one of those. */
export default {
  claim: "one changed patient among 100,000 and 50 segments, looked at",
  unit: "ms",
  goal: { atMost: 20 },
  async measure(bench) {
    const { organizationId } = await bigSegments(bench);
    const { admin } = bench;
    const runs = bench.short ? 2 : 20;
    const mark = (rules: string) => `
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select organization_id, segment_id, bench_id('in segments', 7) from app_private.segment_dependencies
      where organization_id = bench_id('segments') and code = '${rules}'`;
    const looked = async (rules: string) => {
      const milliseconds = await time(runs, async () => {
        await admin.query(mark(rules));
        await refresh(bench);
      });
      return median(milliseconds);
    };
    const appointments = await looked("appointments");
    const everything = await looked("patient");
    const { rows } = await admin.query(
      "select count(*)::int as left from app_private.segment_marks where organization_id = $1",
      [organizationId],
    );
    return {
      measured: appointments,
      against: { what: "all 50 segments, where the patient is new", value: everything },
      conditions: { "nobody is left marked": rows[0].left === 0 },
    };
  },
} satisfies Row;
