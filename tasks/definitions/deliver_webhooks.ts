import { z } from "zod";
import { defineTask, type Outside } from "../task.ts";
import { dispatch } from "../webhooks_out/dispatch.ts";

/** Who is sending already: one loop for a worker, whatever is queued meanwhile. */
const sending = new WeakSet<Outside>();

/** Tells clinics' own software what happened (WHK-02). The clock finds what a queue that lost a job has left. */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "* * * * *" },

  async run(_, helpers, outside) {
    const { webhooksOut: sender, secrets } = outside;
    if (!sender || sending.has(outside)) return;
    sending.add(outside);
    try {
      await dispatch(helpers, { sender, secrets, say: (line) => helpers.logger.error(line) });
    } finally {
      sending.delete(outside);
    }
  },
});
