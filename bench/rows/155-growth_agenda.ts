import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** SCH-12. Yesterday's agenda of twenty specialists with sixteen appointments each, and years of them behind. */
export default {
  claim: "agenda of 20 specialists, the more appointments a clinic has",
  unit: "ms",
  goal: { ratioAtMost: 1.3 },
  measure: (bench) =>
    measureGrowth(bench, ({ organizationId, staffId }) => ({
      caller: { principalId: staffId, organizationId },
      text: "select * from app_public.agenda($1, current_date - 1, 1)",
      values: [organizationId],
      rows: 20,
    })),
} satisfies Row;
