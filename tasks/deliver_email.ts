import { z } from "zod";
import { MailRefused } from "../providers/email/index.ts";
import { once } from "./effects/once.ts";
import { describeFailure } from "./failure.ts";
import { claimedMessage } from "./mail/message.ts";
import { renderMail } from "./mail/render.ts";
import { defineTask } from "./task.ts";

/**
 * Sends one message (FND-15). The address and the text are read when the mail leaves, never queued. A final
 * no from the vendor ends it; anything else is tried again, up to the last attempt. The message id is the key towards the vendor.
 */
export const deliverEmail = defineTask({
  payload: z.object({ messageId: z.uuid() }),

  async run({ messageId }, { withPgClient, job }, { mailers }) {
    await once(
      withPgClient,
      { key: `email:${messageId}`, by: job.locked_by ?? "unknown" },
      async (client) => {
        // Whether it may leave at all (sent before, suppressed) is decided here.
        const claimed = await client.query("select * from app_private.claim_message($1)", [messageId]);
        if (!claimed.rows[0]) return { sent: false };
        const message = claimedMessage.parse(claimed.rows[0]);
        const mailer = await mailers.for(message.organization_id);

        try {
          const { vendorId } = await mailer.send(renderMail(message, mailer.from), { key: messageId });
          await client.query("select app_private.record_message_accepted($1, $2)", [messageId, vendorId]);
          return { sent: true };
        } catch (error) {
          const refused = error instanceof MailRefused;
          if (!refused && job.attempts < job.max_attempts) throw error;
          await client.query("select app_private.record_message_refused($1, $2, $3)", [
            messageId,
            refused ? error.message : `gave up: ${describeFailure(error)}`,
            refused && error.addressIsDead,
          ]);
          return { sent: false };
        }
      },
    );
  },
});
