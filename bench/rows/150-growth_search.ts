import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** FND-07. A name and a telephone number, which fit one of the clinic's patients. */
export default {
  claim: "find a patient, the more there are (a tenth)",
  unit: "ms",
  goal: { atMost: 10 },
  measure: (bench) =>
    measureGrowth(bench, ({ organizationId, staffId }) => ({
      caller: { principalId: staffId, organizationId },
      text: "select * from app_public.search_patients($1, 'popescu 0700000011')",
      values: [organizationId],
    })),
} satisfies Row;
