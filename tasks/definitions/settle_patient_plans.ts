import { z } from "zod";
import { defineTask } from "../task.ts";

const patientsAtOnce = 500;

type Due = { organization_id: string; patient_profile_id: string; due_at: string };

/**
 * Months of subscriptions begin, and what has an end ends (CAT-06, FND-21). One patient after the other, each in a
 * transaction of its own: nobody waits for more than one, and whoever cannot be settled keeps nobody else from it and is
 * asked again by the next run. After an outage it goes on until nobody is due.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, { withPgClient, logger, abortSignal }) {
    const failures: unknown[] = [];
    await withPgClient(async (client) => {
      let last: Due | undefined;
      for (;;) {
        const { rows } = await client.query<Due>(
          `select organization_id, patient_profile_id, due_at::text
           from app_private.due_patient_plans($1, $2, $3, $4)`,
          [patientsAtOnce, last?.due_at, last?.organization_id, last?.patient_profile_id],
        );
        if (rows.length === 0) return;
        last = rows.at(-1);
        for (const { organization_id, patient_profile_id } of rows) {
          if (abortSignal?.aborted) return;
          try {
            await client.query("select app_private.settle_due_plans($1, $2)", [
              organization_id,
              patient_profile_id,
            ]);
          } catch (error) {
            failures.push(error);
          }
        }
        logger.info(`plans of ${rows.length} patients were due`);
      }
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `plans of ${failures.length} patients stay due`);
  },
});
