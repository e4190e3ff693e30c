import { z } from "zod";
import { defineTask } from "../task.ts";

const rowsAtOnce = 2_000;
/** Of one table in one run; the next run, ten minutes later, goes on. */
const batchesAtMost = 100;

/**
 * Deletes and blanks what was kept for long enough (FND-12, GDP-03): whatever tables declare with
 * app_private.retain(), where the period is confirmed. In batches, each a transaction of its own, so that nobody
 * waits long for a row, a worker that leaves stops between two of them, and the next run goes on.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "*/10 * * * *" },
  formerly: ["purge_webhooks", "forget_remembered_mutations"], // before retentions had one task

  async run(_, { withPgClient, logger, abortSignal }) {
    await withPgClient(async (client) => {
      const { rows: rules } = await client.query<{ table_name: string; retention: string; act: string }>(
        "select table_name, retention, act from app_private.retention_acts()",
      );
      for (const { table_name, retention, act } of rules) {
        let removed = 0;
        for (let batch = 0; batch < batchesAtMost && !abortSignal?.aborted; batch++) {
          const { rows } = await client.query<{ rows: number }>(
            "select app_private.act_on_retention($1, $2, $3) as rows",
            [table_name, retention, rowsAtOnce],
          );
          const more = rows[0]?.rows ?? 0;
          removed += more;
          if (more < rowsAtOnce) break;
        }
        if (removed > 0) logger.info(`${act}: ${removed} rows of ${table_name}, kept for ${retention}`);
      }
    });
  },
});
