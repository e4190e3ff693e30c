import type { Any } from "./comparisons.ts";
import type { Random } from "./random.ts";

type Row = Record<string, Any>;

const day = 86_400_000;
const platform = "00000000-0000-0000-0000-000000000000";
const date = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/** What a patient was assigned, in every state, with sessions of every state. */
export function putTreatments(
  own: (table: string, row: Row) => string,
  random: Random,
  now: number,
  patient_profile_id: string,
): void {
  for (let plans = random.below(3); plans > 0; plans -= 1) {
    const status = random.of(["active", "active", "paused", "completed", "cancelled", "expired"]);
    const version = { plan_scope_id: platform, version_id: random.uuid() };
    const starts = now - random.between(0, 10) * day;
    const patient_treatment_plan_id = own("patient_treatment_plans", {
      ...version,
      patient_profile_id,
      treatment_plan_id: random.uuid(),
      starts_on: date(starts),
      ends_on: date(starts + 30 * day),
      tended_on: date(now),
      status,
      paused_on: status === "paused" ? date(now - random.between(0, 6) * day) : null,
    });
    for (let position = random.below(6); position > 0; position -= 1) {
      const status = random.of(["due", "due", "started", "completed", "missed", "cancelled"]);
      own("patient_sessions", {
        ...version,
        patient_treatment_plan_id,
        patient_profile_id,
        position,
        is_extra: random.chance(0.2),
        due_on: date(now + random.between(-8, 8) * day),
        place: "home",
        status,
        completed_at: status === "completed" ? new Date(now).toISOString() : null,
      });
    }
  }
}

/** In hundredths, of the sessions that count; null where none does. */
export function adherence(plans: Row[], sessions: Row[], today: string): number | null {
  const counted = plans
    .filter(({ status }) => status === "active" || status === "paused")
    .flatMap((plan) =>
      sessions.filter(
        (row) =>
          row.patient_treatment_plan_id === plan.id &&
          !row.is_extra &&
          (["completed", "missed"].includes(row.status) ||
            (row.status !== "cancelled" &&
              row.due_on < today &&
              (plan.paused_on === null || row.due_on < plan.paused_on))),
      ),
    );
  if (counted.length === 0) return null;
  return Math.round((100 * counted.filter(({ status }) => status === "completed").length) / counted.length);
}
