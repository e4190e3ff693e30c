import type { UUID } from "../../client/index.ts";
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

/** The versions that a patient's plan can go to, the newest first: approved, and others than the one that it has. */
export function versionsToMoveTo(enrolment: Enrolment, plans: readonly Plan[]): Version[] {
  const plan = plans.find(({ id }) => id === enrolment.version?.treatmentPlan?.id);
  return plan
    ? versionsOf(plan).filter(({ id, status }) => status === "APPROVED" && id !== enrolment.version?.id)
    : [];
}

/** Which session of the plan comes next: what was done or missed stays as it was. */
export function nextPosition(sessions: readonly SessionOfPlan[]): number {
  const over = sessions.filter(
    ({ status, isExtra }) => !isExtra && (status === "COMPLETED" || status === "MISSED"),
  );
  return Math.max(0, ...over.map(({ position }) => position)) + 1;
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

/** Where a patient is treated: appointments of theirs at the clinic are told by its clock; some are linked to sessions already. */
export type Place = { clinic: UUID; person: UUID; timeZone: string; linked: ReadonlySet<UUID> };

/** Where a session in the clinic stands that can be said to have taken place. */
export const statusesToComplete: readonly SessionOfPlan["status"][] = ["DUE", "MISSED"];

/** What the caller may do at the clinic with plans. */
export type May = {
  manage: boolean;
  approve: boolean;
  assign: boolean;
  seeSessions: boolean;
  seeAppointments: boolean;
};
