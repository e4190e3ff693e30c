import { z } from "zod";
import { defineTask } from "../task.ts";

const clinicsAtOnce = 100;

/** Each Sunday night all that clinics were ever billed is computed again; what differs is an event, and told here (BIL-02). */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "41 1 * * 0" },

  async run(_, { withPgClient, logger, abortSignal }) {
    const failures: unknown[] = [];
    await withPgClient(async (client) => {
      for (let after: string | null = null; ; ) {
        const { rows }: { rows: { id: string }[] } = await client.query(
          "select id from app_private.clinics_billed($1, $2) as id",
          [after, clinicsAtOnce],
        );
        for (const { id } of rows) {
          if (abortSignal?.aborted) return;
          try {
            const { rows: verified } = await client.query<{ differences: number }>(
              "select app_private.verify_clinic_billing($1) as differences",
              [id],
            );
            const differences = verified[0]?.differences ?? 0;
            if (differences > 0) logger.error(`the bills of clinic ${id}: ${differences} differences`);
          } catch (error) {
            failures.push(error);
          }
        }
        after = rows.at(-1)?.id ?? null;
        if (rows.length < clinicsAtOnce) return;
      }
    });
    if (failures.length > 0)
      throw new AggregateError(failures, `the bills of ${failures.length} clinics could not be verified`);
  },
});
