import { withAndWithoutMarks } from "../marks.ts";
import type { Row } from "../row.ts";

/** SEG-03. A write that concerns no segment: with the triggers that would mark, and without them, taking turns. */
export default {
  claim: "a write of a person whom no segment reads",
  unit: "ms",
  goal: { ratioAtMost: 1.05 },
  async measure(bench) {
    const { admin } = bench;
    await admin.query(
      "insert into app_public.patient_profiles (id, given_name, family_name, birth_date) values (bench_id('marks', 1), 'Ana', 'Pop', '1980-01-01')",
    );
    await admin.query(
      "insert into app_public.patients (organization_id, patient_profile_id) values (bench_id('clinic'), bench_id('marks', 1))",
    );
    return withAndWithoutMarks(bench, "app_public.patient_profiles", (run) =>
      admin.query("update app_public.patient_profiles set given_name = $1 where id = bench_id('marks', 1)", [
        `Ana ${run}`,
      ]),
    );
  },
} satisfies Row;
