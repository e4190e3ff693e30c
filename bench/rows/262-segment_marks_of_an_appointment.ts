import { withAndWithoutMarks } from "../marks.ts";
import type { Row } from "../row.ts";

/** SEG-03. The same of one appointment. */
export default {
  claim: "a write of an appointment that no segment reads",
  unit: "ms",
  goal: { ratioAtMost: 1.05 },
  async measure(bench) {
    const { admin } = bench;
    await admin.query(`
      set session_replication_role = replica;
      insert into app_public.appointments (id, organization_id, patient_profile_id, calendar_id, claim_id, service_id, specialist_id,
        status, modality, starts_at, ends_at, contact_name, locale, price_amount, currency)
      values (bench_id('marked', 1), bench_id('clinic'), bench_id('marked', 1), bench_id('clinic'), uuidv7(), bench_id('clinic'),
        bench_id('clinic'), 'booked', 'in_person', now(), now() + interval '1 hour', 'Ana Pop', 'ro', 100, 'RON');
      reset session_replication_role`);
    return withAndWithoutMarks(bench, "app_public.appointments", (run) =>
      admin.query("update app_public.appointments set contact_name = $1 where id = bench_id('marked', 1)", [
        `Ana ${run}`,
      ]),
    );
  },
} satisfies Row;
