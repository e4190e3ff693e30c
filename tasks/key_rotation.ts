import { z } from "zod";
import { goOnWithRotation } from "../secrets/rotation.ts";
import { defineTask } from "./task.ts";

/**
 * Goes on with a rotation of the data keys that somebody began (`npm run keys:rotate`) and that has not ended:
 * it was interrupted, or old keys still wait for their retirement. FND-11.
 */
export const goOnWithKeyRotation = defineTask({
  payload: z.looseObject({}), // the queue adds when it was due

  async run(_, { withPgClient, job, logger, abortSignal }, { kms }) {
    await withPgClient(async (client) => {
      const outcome = await goOnWithRotation(
        client,
        kms,
        { begin: false, by: job.locked_by ?? "unknown" },
        { say: (line) => logger.info(line), signal: abortSignal },
      );
      if (outcome !== null && outcome !== "busy" && outcome.unopened.length > 0) {
        throw new Error(`${outcome.unopened.length} envelopes do not open: ${outcome.unopened[0]}, …`);
      }
    });
  },
});
