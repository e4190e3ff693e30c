import { measureGrowth } from "../growth.ts";
import { namedList } from "../list.ts";
import type { Row } from "../row.ts";

/** FND-29. The page with service, specialist and patient, for somebody who names the clinic. */
export default {
  claim: "list of 20, the more appointments a clinic has",
  unit: "ms",
  goal: { ratioAtMost: 1.3 },
  measure: (bench) =>
    measureGrowth(bench, ({ organizationId, staffId }) => ({
      caller: { principalId: staffId, organizationId },
      text: namedList,
      values: [organizationId],
    })),
} satisfies Row;
