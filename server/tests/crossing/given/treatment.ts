/** Treatment plans, what patients were assigned of them, and their sessions. */
import type { World } from "../world.ts";
import { id, type Making } from "./making.ts";

const sessions = [{ title: { ro: "Prima" }, place: "clinic", afterDays: 0, exercises: [] }];

let plans = 0;

/** A plan of atlas of its own for a verb, that stands so; the names of its rows. */
async function plan(world: World, status: string, patient?: string): Promise<string> {
  const name = `given plan ${++plans}`;
  await world.api.sql(
    `begin;
     select set_config('tests.clinic', 'atlas', true), tests.treatment_plan('${name}', 1, 1, '${status}');
     ${patient ? `select tests.assigned('${patient}', '${name}', clinic => 'atlas');` : ""}
     commit`,
  );
  return name;
}

const versionOf = async (world: World, status: string) => ({
  versionId: await id(world, `select tests.id('${await plan(world, status)}') as id`),
});

/** A session of a patient's: the first is at home, and begun; the second in the clinic. */
async function session(world: World, patient: string, position: 1 | 2): Promise<string> {
  const name = await plan(world, "approved", patient);
  const sessionId = await id(world, `select tests.id('${patient}''s ${name} ${position}') as id`);
  if (position === 1)
    await world.api.sql(
      "update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = $1",
      [sessionId],
    );
  return sessionId;
}

const enrolment = async (world: World) =>
  id(world, `select tests.id('ana''s ${await plan(world, "approved", "ana")}') as id`);

export const ofTreatment: Record<string, Making> = {
  draftTreatmentPlan: async (world) => ({
    organizationId: await id(world, "select tests.id('atlas') as id"),
    patientId: undefined,
    slug: undefined,
    sessions,
  }),
  editTreatmentPlan: async (world) => ({
    treatmentPlanId: await id(world, `select tests.id('${await plan(world, "draft")} itself') as id`),
    sessions,
  }),
  submitTreatmentPlan: async (world) => ({
    treatmentPlanId: await id(world, `select tests.id('${await plan(world, "draft")} itself') as id`),
  }),
  approveTreatmentPlan: (world) => versionOf(world, "submitted"),
  retireTreatmentPlan: (world) => versionOf(world, "approved"),
  assignTreatmentPlan: async (world) => ({
    ...(await versionOf(world, "approved")),
    patientId: await id(world, "select tests.id('ana at atlas') as id"),
    startsOn: "2999-01-01",
    weekdays: undefined,
    endsOn: undefined,
    formTemplateId: undefined,
    patientServicePlanId: undefined,
  }),
  migrateTreatmentPlan: async (world) => {
    const name = await plan(world, "approved", "ana");
    await world.api.sql(
      `begin;
       select set_config('tests.clinic', 'atlas', true), tests.treatment_version('${name} 2', '${name}', 2, 1);
       commit`,
    );
    return {
      patientTreatmentPlanId: await id(world, `select tests.id('ana''s ${name}') as id`),
      versionId: await id(world, `select tests.id('${name} 2') as id`),
    };
  },
  setTreatmentStatus: async (world) => ({ patientTreatmentPlanId: await enrolment(world), status: "PAUSED" }),
  completeSession: async (world) => ({
    patientSessionId: await session(world, "bogdan", 1),
    painBefore: 3,
    painAfter: 2,
    performedAt: undefined,
  }),
  logExercise: async (world) => ({
    patientSessionId: await session(world, "bogdan", 1),
    clientId: crypto.randomUUID(),
    place: 1,
    performedAt: await id(world, "select to_json(clock_timestamp()) #>> '{}' as id"),
    sets: 2,
    reps: 20,
    seconds: undefined,
  }),
  completeClinicSession: async (world) => ({ patientSessionId: await session(world, "ana", 2) }),
  linkSession: async (world) => ({
    patientSessionId: await session(world, "ana", 2),
    appointmentId: await id(world, "select tests.id('ana''s appointment at atlas') as id"),
  }),
};
