/** Recordings of sessions at home. */
import type { World } from "../world.ts";
import { id, type Making } from "./making.ts";

let plans = 0;

/** A session of a patient's at atlas that is due today, and what has to be read before it. */
async function due(world: World, patient: string) {
  const name = `given session ${++plans}`;
  await world.api.sql(
    `begin;
     select set_config('tests.clinic', 'atlas', true), tests.treatment_plan('${name}', 1, 0), tests.assigned('${patient}', '${name}', clinic => 'atlas');
     update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
     commit`,
  );
  const warnings = await world.api.sql(
    "select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')",
  );
  return {
    patientSessionId: await id(world, `select tests.id('${patient}''s ${name} 1') as id`),
    acknowledgedContraindicationIds: warnings.map((warning: { id: string }) => warning.id),
  };
}

export const ofTelemetry: Record<string, Making> = {
  startExerciseSession: async (world) => ({
    ...(await due(world, "bogdan")),
    patientTreatmentPlanId: undefined,
    position: undefined,
  }),
};
