import type { TreatmentAtClinicQuery, TreatmentOfPatientQuery } from "../documents/generated/operations.ts";

export type Plan = TreatmentAtClinicQuery["ofClinic"]["nodes"][number];
export type Version = Plan["versions"]["nodes"][number];
export type Patient = NonNullable<TreatmentOfPatientQuery["patient"]>;
export type Enrolment = Patient["treatmentPlans"]["nodes"][number];
export type SessionOfPlan = Enrolment["sessions"]["nodes"][number];

/** The versions of a plan, the newest first. */
export function versionsOf(plan: Plan): Version[] {
  return [...plan.versions.nodes].sort((a, b) => b.number - a.number);
}

/** The newest version that can be assigned. */
export function assignable(plan: Plan): Version | undefined {
  return versionsOf(plan).find(({ status }) => status === "APPROVED");
}

/** What is asked of a patient in an exercise, as the version of the plan has it. */
export type Prescribed = {
  exerciseId: string;
  names: unknown;
  prescription: unknown;
  contraindications: { id: string; severity: "caution" | "relative" | "absolute"; text: unknown }[];
};

/** How many sessions are due, done and missed; of those that are called off nothing is said. */
export function counted(sessions: readonly SessionOfPlan[]): Record<"due" | "done" | "missed", number> {
  const of = (...wanted: SessionOfPlan["status"][]) =>
    sessions.filter(({ status }) => wanted.includes(status)).length;
  return { due: of("DUE", "STARTED"), done: of("COMPLETED"), missed: of("MISSED") };
}

/** The exercises of sessions at home, each once. */
export function exercisesOf(sessions: readonly SessionOfPlan[]): Prescribed[] {
  const found = new Map<string, Prescribed>();
  for (const { exercises, place } of sessions)
    if (place === "HOME")
      for (const one of exercises as Prescribed[])
        if (!found.has(one.exerciseId)) found.set(one.exerciseId, one);
  return [...found.values()];
}

/** What the caller may do at the clinic with plans. */
export type May = { manage: boolean; approve: boolean; assign: boolean; seeSessions: boolean };
