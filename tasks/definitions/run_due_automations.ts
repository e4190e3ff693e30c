import { z } from "zod";
import { defineTask } from "../task.ts";

/**
 * Actions of automations that were delayed and are due. AUT-03.
 * Each is a transaction of its own, claimed with its lock, so that several workers share them and whoever ends this in between
 * leaves nothing half done: the next look goes on.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, { withPgClient, abortSignal }) {
    await withPgClient(async (client) => {
      for (let done = true; done && !abortSignal?.aborted; ) {
        const { rows } = await client.query<{ id: string | null }>(
          "select app_private.run_due_automation() as id",
        );
        done = rows[0]?.id != null;
      }
    });
  },
});
