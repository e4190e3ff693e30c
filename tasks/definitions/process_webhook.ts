import { z } from "zod";
import { applyReceipt } from "../../webhooks/apply_receipt.ts";
import { defineTask } from "../task.ts";

/** Applies what a vendor told us (FND-25). The body is read where it is stored, never queued. */
export default defineTask({
  payload: z.object({ receiptId: z.uuid() }),

  async run({ receiptId }, { withPgClient, job }, { webhooks }) {
    await withPgClient((client) =>
      applyReceipt(client, webhooks, receiptId, { isLast: job.attempts >= job.max_attempts }),
    );
  },
});
