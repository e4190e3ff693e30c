import { z } from "zod";
import { defineTask } from "../task.ts";

/**
 * Whom changes have marked is in segments or not, as their rules say (SEG-03): one clinic as something is changed there, all that
 * have marks by the clock, which also marks whom time alone may have moved. Each look is a transaction, so whoever ends this in
 * between leaves what was not looked at marked.
 */
export default defineTask({
  payload: z.looseObject({ organizationId: z.uuid().optional() }), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run({ organizationId }, { withPgClient, abortSignal }) {
    const failures: unknown[] = [];
    const clinics = organizationId
      ? [organizationId]
      : await withPgClient(async (client) => {
          const { rows } = await client.query<{ id: string }>(
            "select id from app_private.due_segments() as id",
          );
          return rows.map(({ id }) => id);
        });
    for (const clinic of clinics) {
      await withPgClient(async (client) => {
        for (let isLeft = true; isLeft && !abortSignal?.aborted; ) {
          const { rows } = await client.query<{ left: boolean }>(
            "select app_private.refresh_segments($1) as left",
            [clinic],
          );
          isLeft = rows[0]?.left ?? false;
        }
      }).catch((error) => failures.push(error));
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `segments of ${failures.length} clinics could not be looked at`);
  },
});
