import type { Client, UUID } from "../../client/index.ts";
import {
  CreateExerciseDocument,
  EditExerciseDocument,
  SetExerciseContraindicationsDocument,
  SetExerciseInstructionsDocument,
} from "../documents/generated/operations.ts";
import type { Values } from "../schema_form/schema.ts";
import { isSame } from "../templates/same.ts";
import { type Exercise, linesOf, variablesOf } from "./draft.ts";

/**
 * Saves what is another than it was, part by part, since each is a verb of its own. What was saved before one was refused stays so,
 * and is saved again without harm.
 */
export async function save(
  client: Client,
  exercise: Exercise | null,
  saved: Values,
  draft: Values,
  onCreated: (exercise: UUID) => void,
): Promise<UUID> {
  const what = variablesOf(draft);
  let id = exercise?.id;
  if (!exercise) {
    const kind = draft.kind === "duration_based" ? "DURATION_BASED" : "REPS_BASED";
    const made = await client.ask(CreateExerciseDocument, { slug: String(draft.slug), kind, ...what });
    id = made.createExercise.exercise?.id;
    if (id) onCreated(id);
  } else if (!isSame(what, variablesOf(saved))) {
    await client.ask(EditExerciseDocument, {
      exercise: exercise.id,
      ...what,
      videoProvider: exercise.videoProvider,
    });
  }
  if (!id) throw new Error("The exercise was not created.");
  if (!isSame(draft.instructions, saved.instructions))
    await client.ask(SetExerciseInstructionsDocument, {
      exercise: id,
      instructions: linesOf(draft.instructions),
    });
  if (!isSame(draft.contraindications, saved.contraindications))
    await client.ask(SetExerciseContraindicationsDocument, {
      exercise: id,
      contraindications: linesOf(draft.contraindications),
    });
  return id;
}
