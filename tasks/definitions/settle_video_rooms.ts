import { z } from "zod";
import { defineTask } from "../task.ts";

type Due = { organization_id: string; appointment_id: string };

/**
 * Rooms of appointments that are near are made, and of those that are over taken away (APT-07). One after the other, each
 * in a transaction of its own: one that cannot be settled keeps nobody else from it.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, { withPgClient, abortSignal }) {
    const failures: unknown[] = [];
    await withPgClient(async (client) => {
      const { rows } = await client.query<Due>("select * from app_private.due_video_rooms()");
      for (const { organization_id, appointment_id } of rows) {
        if (abortSignal?.aborted) return;
        await client
          .query("select app_private.settle_video_room($1, $2)", [organization_id, appointment_id])
          .catch((error) => failures.push(error));
      }
      await client.query("select app_private.pick_up_video_rooms()");
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} rooms could not be settled`);
  },
});
