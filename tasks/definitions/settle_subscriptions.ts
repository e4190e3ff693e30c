import { z } from "zod";
import { defineTask } from "../task.ts";

const subscriptionsAtOnce = 200;

type Due = { organization_id: string; subscription_id: string; due_at: string };

/**
 * What time makes due of clinics' subscriptions (BIL-01, BIL-05): trials and billing periods end and begin, payments are tried
 * again, clinics are suspended. One subscription after the other, each in a transaction of its own: whatever cannot be
 * settled keeps no other from it, and is asked again by the next run. After an outage it goes on until none is due.
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
          `select organization_id, subscription_id, due_at::text
           from app_private.due_subscriptions($1, $2, $3)`,
          [subscriptionsAtOnce, last?.due_at, last?.subscription_id],
        );
        if (rows.length === 0) return;
        last = rows.at(-1);
        for (const { organization_id, subscription_id } of rows) {
          if (abortSignal?.aborted) return;
          try {
            await client.query("select app_private.settle_subscription($1, $2)", [
              organization_id,
              subscription_id,
            ]);
          } catch (error) {
            failures.push(error);
          }
        }
        logger.info(`${rows.length} subscriptions of clinics were due`);
      }
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} subscriptions of clinics stay due`);
  },
});
