import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** FND-08. The newest page of a clinic's log, for somebody who names the clinic. */
export default {
  claim: "page of the log, the more entries",
  unit: "ms",
  goal: { ratioAtMost: 1.3 },
  measure: (bench) =>
    measureGrowth(bench, ({ organizationId, staffId }) => ({
      caller: { principalId: staffId, organizationId },
      text: `select id, occurred_at, action, table_name from app_public.audit_entries
        where scope_id = $1 order by occurred_at desc, id desc limit 20`,
      values: [organizationId],
      rows: 20,
    })),
} satisfies Row;
