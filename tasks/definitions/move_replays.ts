import { z } from "zod";
import type { ObjectStores } from "../../providers/storage/port.ts";
import { describeFailure } from "../../runtime/failure.ts";
import { defineTask } from "../task.ts";

const PAGE = 100;

type Due = {
  exercise_session_id: string;
  organization_id: string;
  object_key: string;
  step: "infrequent" | "archive" | "remove";
};

/**
 * Moves the movement of recordings where their clinic's policy says: where reading costs more, into the archive, away (TEL-07).
 * The store is asked first and the row written afterwards, since each step may be repeated. What a clinic's store cannot do
 * is left for the next night, and keeps nothing else from being done.
 */
export default defineTask({
  payload: z.looseObject({}),
  clock: { at: "20 4 * * *" },

  async run(_, { withPgClient, logger }, { objects }) {
    const left = new Set<string>();
    for (;;) {
      const { rows } = await withPgClient((client) =>
        client.query<Due>("select * from app_private.due_replays($1, $2)", [PAGE, [...left]]),
      );
      for (const due of rows) {
        const what = `${due.organization_id}/${due.step}`;
        if (left.has(what)) continue;
        try {
          const done = await move(objects, due);
          if (done === "not_offered") left.add(what);
          else {
            await withPgClient((client) =>
              client.query("select app_private.record_replay_step($1, $2)", [due.exercise_session_id, done]),
            );
          }
        } catch (error) {
          left.add(what);
          logger.warn(`replays of a clinic were left where they are: ${describeFailure(error)}`);
        }
      }
      if (rows.length < PAGE) return;
    }
  },
});

/** What became of it: one that is not there any more was removed, whatever was to be done with it. */
async function move(objects: ObjectStores, { organization_id, object_key, step }: Due) {
  const store = await objects.for(organization_id);
  if (step === "remove") {
    await store.delete(object_key);
    return step;
  }
  const kept = await store.keepIn(object_key, step);
  if (kept === "absent") return "remove";
  return kept === "kept" ? step : kept;
}
