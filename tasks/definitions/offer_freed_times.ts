import { z } from "zod";
import { defineTask } from "../task.ts";

/**
 * Times that became free go to whoever waits for them (SCH-10): one clinic as a time there is freed, all of them by the clock,
 * which finds what no job told, such as hours that were added or a worker that stood still. An offer is a transaction of
 * its own, so whoever ends this in between leaves nothing half done, and the next look goes on.
 */
export default defineTask({
  payload: z.looseObject({ organizationId: z.uuid().optional() }), // the queue adds when it was due
  clock: { at: "*/5 * * * *" },

  async run({ organizationId }, { withPgClient, abortSignal }) {
    const failures: unknown[] = [];
    const clinics = organizationId
      ? [organizationId]
      : await withPgClient(async (client) => {
          const { rows } = await client.query<{ id: string }>(
            "select id from app_private.due_waitlists() as id",
          );
          return rows.map(({ id }) => id);
        });
    for (const clinic of clinics) {
      await withPgClient(async (client) => {
        await client.query("select app_private.settle_waitlist($1)", [clinic]);
        for (let made = true; made && !abortSignal?.aborted; ) {
          const { rows } = await client.query<{ offer: string | null }>(
            "select app_private.offer_next_time($1) as offer",
            [clinic],
          );
          made = rows[0]?.offer != null;
        }
      }).catch((error) => failures.push(error));
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} waitlists could not be looked at`);
  },
});
