import { z } from "zod";
import { bindEnvelopes, goOnWithRotation } from "../../secrets/rotation.ts";
import { defineTask } from "../task.ts";

/**
 * Goes on with a rotation of the data keys that somebody began (`npm run keys:rotate`) and that has not ended:
 * it was interrupted, or old keys still wait for their retirement. Without one, envelopes that an earlier version
 * sealed are bound to their destination. FND-11, FND-35.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "*/5 * * * *" },

  async run(_, { withPgClient, job, logger, abortSignal }, { kms }) {
    await withPgClient(async (client) => {
      const settings = { say: (line: string) => logger.info(line), signal: abortSignal };
      const by = job.locked_by ?? "unknown";
      const outcome = await goOnWithRotation(client, kms, { begin: false, by }, settings);
      if (outcome === "busy") return;
      const unopened = outcome === null ? await bindEnvelopes(client, kms, settings) : outcome.unopened;
      if (unopened.length > 0) {
        throw new Error(`${unopened.length} envelopes do not open: ${unopened[0]}, …`);
      }
    });
  },
});
