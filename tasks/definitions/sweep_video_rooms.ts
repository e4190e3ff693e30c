import { z } from "zod";
import { describeFailure } from "../../runtime/failure.ts";
import { defineTask } from "../task.ts";

/** What every name of ours looks like; other rooms of an account are no business of ours. */
const ours = /^rx-[0-9a-f]{32}$/;
/** An hour past their end nobody is inside, and nobody here works on them. */
const AFTER_MS = 3600 * 1000;

/**
 * Takes away what was left at the vendors (APT-07): rooms that were made while our request for it had failed already, or
 * whose deletion never reached them. Only what has expired: another installation may use the same account.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "17 * * * *" },

  async run(_, { withPgClient, logger, abortSignal }, { video }) {
    if (!video) return;
    const { rows } = await withPgClient((client) =>
      client.query<{ id: string }>("select id from app_private.clinics_with_video() as id"),
    );
    const seen = new Set<string | null>();
    for (const { id } of rows) {
      if (abortSignal?.aborted) return;
      try {
        const rooms = await video.for(id);
        if (seen.has(rooms.integrationId)) continue;
        seen.add(rooms.integrationId);
        const left: string[] = [];
        for await (const { name, expiresAt } of rooms.list()) {
          if (ours.test(name) && expiresAt && expiresAt.getTime() < Date.now() - AFTER_MS) left.push(name);
        }
        for (const name of left) await rooms.close(name);
        if (left.length > 0) logger.info(`took away ${left.length} rooms that were left`);
      } catch (error) {
        // The next hour asks again; one clinic's account is nobody else's trouble.
        logger.warn(`rooms of a clinic were not swept: ${describeFailure(error)}`);
      }
    }
  },
});
