/** The library of exercises, which superadmins write. */
import type { World } from "../world.ts";
import { type Given, id, type Making } from "./making.ts";

const text = { ro: "Ceva", en: "Something" };
const translations = Object.fromEntries(
  ["ro", "en"].map((language) => [language, { name: "Ceva", description: "Ceva" }]),
);
const whole = { difficulty: 1, translations, tracking: undefined, terms: ["knee"], videoProvider: undefined };

/** A draft of its own for each verb, with all that it needs to be published. */
async function drafted(world: World, kind = "reps_based"): Promise<Given> {
  const exerciseId = await id(world, `select tests.exercise('of-' || uuidv7()::text, '${kind}') as id`);
  return { exerciseId };
}

export const ofExercises: Record<string, Making> = {
  createExercise: async () => ({ ...whole, slug: "made-here", kind: "REPS_BASED" }),
  editExercise: async (world) => ({ ...(await drafted(world)), ...whole }),
  setExerciseInstructions: async (world) => ({
    ...(await drafted(world)),
    instructions: [{ kind: "step", text }],
  }),
  setExerciseContraindications: async (world) => ({
    ...(await drafted(world)),
    contraindications: [{ severity: "caution", text }],
  }),
  reviewContraindications: (world) => drafted(world),
  publishExercise: (world) => drafted(world),
  reopenExercise: (world) => drafted(world),
  archiveExercise: (world) => drafted(world),
  bumpExerciseAssetVersion: (world) => drafted(world),
  renderExercise: async (world) => ({ ...(await drafted(world)), language: "RO", recipe: undefined }),
  importExerciseVideo: async (world) => {
    const { exerciseId } = await drafted(world, "duration_based");
    const slug = await id(world, `select slug as id from app_public.exercises where id = '${exerciseId}'`);
    return { exerciseId, language: "RO", sourceKey: `exercises/${slug}/ro.mp4` };
  },
};
