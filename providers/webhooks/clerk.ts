import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { WebhookRefused, type WebhookVerifier } from "./port.ts";
import { readText } from "./read_text.ts";

const envelope = z.looseObject({
  type: z.string().min(1).max(255),
  timestamp: z.number().int().positive().optional(),
  data: z.looseObject({}),
});

/**
 * Clerk's deliveries, signed by Standard Webhooks under the header names of Svix: an HMAC over id, time and the very
 * bytes of the body, five minutes of tolerance. Its id stays the same when it is sent again.
 */
export function clerkWebhooks(secret: string): WebhookVerifier {
  const webhook = new Webhook(secret);
  return {
    provider: "clerk",

    async verify({ rawBody, headers, integrationId }) {
      const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
      if (!id || !timestamp || !signature) throw new WebhookRefused("signature_missing");
      // The account is the platform's: a clinic's address would make a second event of the same one.
      if (integrationId !== null || id.length > 255) throw new WebhookRefused("body_malformed");
      const body = readText(rawBody);
      checkSignature(webhook, body, {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
      });

      const parsed = envelope.safeParse(readJson(body));
      if (!parsed.success) throw new WebhookRefused("body_malformed");
      return {
        eventId: id,
        type: parsed.data.type,
        occurredAt: new Date(parsed.data.timestamp ?? Number(timestamp) * 1_000),
      };
    },
  };
}

function checkSignature(webhook: Webhook, body: string, headers: Record<string, string>): void {
  try {
    webhook.verify(body, headers, { jsonParse: false });
  } catch (error) {
    // The library tells these apart by its texts alone.
    const isTime = error instanceof Error && /timestamp too/.test(error.message);
    throw new WebhookRefused(isTime ? "timestamp_too_old" : "signature_invalid");
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
