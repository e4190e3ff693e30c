import type { JobHelpers } from "graphile-worker";
import type { PoolClient } from "pg";

/**
 * Settles whatever is due, one after the other, each in a transaction of its own: nobody waits for more than one, and
 * what cannot be settled keeps nothing else from it and is asked again by the next run. After an outage it goes on until nothing is due.
 *
 * @param dueAfter the next that are due, behind the last one of the page before; at first behind nothing
 * @param what     as the log and the failure say it: "plans of patients"
 */
export async function settleEach<Due>(
  { withPgClient, logger, abortSignal }: JobHelpers,
  {
    what,
    dueAfter,
    settle,
  }: {
    what: string;
    dueAfter(client: PoolClient, last: Due | undefined): Promise<Due[]>;
    settle(client: PoolClient, due: Due): Promise<unknown>;
  },
): Promise<void> {
  const failures: unknown[] = [];
  await withPgClient(async (client) => {
    let last: Due | undefined;
    for (;;) {
      const page = await dueAfter(client, last);
      if (page.length === 0) return;
      last = page.at(-1);
      for (const due of page) {
        if (abortSignal?.aborted) return;
        try {
          await settle(client, due);
        } catch (error) {
          failures.push(error);
        }
      }
      logger.info(`${page.length} ${what} were due`);
    }
  });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} ${what} stay due`);
}
