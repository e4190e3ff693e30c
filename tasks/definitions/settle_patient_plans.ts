import { z } from "zod";
import { defineTask } from "../task.ts";

const patientsAtOnce = 500;

/**
 * Months of subscriptions begin, and what has an end ends (CAT-06, FND-21). One patient after the other, each in a
 * transaction of its own: nobody waits for more than one, and whoever cannot be settled keeps nobody else from it. After an
 * outage it goes on until nobody is due.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, { withPgClient, logger, abortSignal }) {
    const failures: unknown[] = [];
    await withPgClient(async (client) => {
      const seen = new Set<string>();
      for (;;) {
        const { rows } = await client.query<{ organization_id: string; patient_profile_id: string }>(
          "select organization_id, patient_profile_id from app_private.due_patient_plans($1)",
          [patientsAtOnce + failures.length],
        );
        const due = rows.filter((row) => !seen.has(`${row.organization_id} ${row.patient_profile_id}`));
        if (due.length === 0) return;
        for (const { organization_id, patient_profile_id } of due) {
          if (abortSignal?.aborted) return;
          seen.add(`${organization_id} ${patient_profile_id}`);
          try {
            await client.query("select app_private.settle_due_plans($1, $2)", [
              organization_id,
              patient_profile_id,
            ]);
          } catch (error) {
            failures.push(error);
          }
        }
        logger.info(`plans of ${due.length} patients were due`);
      }
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `plans of ${failures.length} patients stay due`);
  },
});
