import { measureGrowth } from "../growth.ts";
import type { Row } from "../row.ts";

/** FND-07. The beginnings of two words, which fit a handful of the clinic's patients. */
export default {
  claim: "find a patient, the more there are (a tenth)",
  unit: "ms",
  goal: { atMost: 10 },
  measure: (bench) =>
    measureGrowth(bench, ({ organizationId, staffId }) => ({
      caller: { principalId: staffId, organizationId },
      text: "select * from app_public.search_patients($1, 'popescu 11')",
      values: [organizationId],
    })),
} satisfies Row;
