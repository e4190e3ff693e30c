import { z } from "zod";
import { defineTask } from "../task.ts";

/** Each night the members of every segment are held beside its rule; what differs is told, and mended as a change is. SEG-03. */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "23 2 * * *" },

  async run(_, { withPgClient, logger, abortSignal }) {
    const failures: unknown[] = [];
    await withPgClient(async (client) => {
      const { rows } = await client.query<{ id: string }>(
        "select id from app_private.segments_to_check() as id",
      );
      for (const { id } of rows) {
        if (abortSignal?.aborted) return;
        try {
          const checked = await client.query<{ wrong: number }>(
            "select app_private.check_segment($1) as wrong",
            [id],
          );
          const wrong = checked.rows[0]?.wrong ?? 0;
          if (wrong > 0) logger.error(`segment ${id}: ${wrong} patients were wrongly in or out`);
        } catch (error) {
          failures.push(error);
        }
      }
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} segments could not be checked`);
  },
});
