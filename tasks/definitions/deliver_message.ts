import { z } from "zod";
import { claimedMessage } from "../../messages/message.ts";
import { MailRefused } from "../../providers/email/index.ts";
import { PushRefused } from "../../providers/push/port.ts";
import { TextRefused } from "../../providers/sms/port.ts";
import { describeFailure } from "../../runtime/failure.ts";
import { type Carrier, carriersOf } from "../carriers.ts";
import { notYet, once } from "../effects/once.ts";
import { recordLinkSent, withLink } from "../message_link.ts";
import { defineTask } from "../task.ts";

/**
 * Sends one message over its channel (FND-15). The address and the words are read when it leaves, never queued,
 * and so are the rules that decide whether it may. A final no from the vendor ends it, and then the database lets the
 * next channel stand in; anything else is tried again, up to the last attempt. The message id is the key towards
 * the vendor.
 */
export default defineTask({
  payload: z.object({ messageId: z.uuid() }),
  formerly: ["deliver_email"], // before messages had channels

  async run({ messageId }, { withPgClient, job }, outside) {
    const by = job.locked_by ?? "unknown";
    const isLast = job.attempts >= job.max_attempts;
    await once(withPgClient, { key: `message:${messageId}`, by }, async (client) => {
      const claimed = await client.query("select * from app_private.claim_message($1)", [messageId]);
      if (!claimed.rows[0]) return { sent: false };
      if (claimed.rows[0].wait_until !== null) return notYet;

      let message = claimedMessage.parse(claimed.rows[0]);
      let carrier: Carrier | undefined;
      try {
        message = await withLink(messageId, message, client, outside);
        carrier = await carriersOf(outside)[message.channel](message);
        const vendorId = await carrier.send({ client, key: messageId, by, isLast });
        await client.query("select app_private.record_message_accepted($1, $2, $3, $4)", [
          messageId,
          carrier.integrationId,
          carrier.vendor,
          vendorId,
        ]);
        await recordLinkSent(message, client);
        return { sent: true };
      } catch (error) {
        const refusal = refusalIn(error);
        if (!refusal && !isLast) throw error;
        await client.query("select app_private.record_message_refused($1, $2, $3, $4)", [
          messageId,
          carrier?.integrationId ?? null,
          refusal ? refusal.reason : `gave up: ${describeFailure(error)}`,
          refusal?.addressIsDead ?? false,
        ]);
        return { sent: false };
      }
    });
  },
});

/** What a vendor's final no says; null for everything that is worth another try. */
function refusalIn(error: unknown): { reason: string; addressIsDead: boolean } | null {
  if (error instanceof MailRefused) return { reason: error.message, addressIsDead: error.addressIsDead };
  if (error instanceof TextRefused) return { reason: error.message, addressIsDead: error.numberIsDead };
  if (error instanceof PushRefused) return { reason: error.message, addressIsDead: false };
  return null;
}
