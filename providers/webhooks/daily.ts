import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { WebhookRefused, type WebhookVerifier } from "./port.ts";
import { readText } from "./read_text.ts";

export type DailyWebhookSettings = {
  /** The signing secret of the platform's account (null), or of a clinic's integration, in base64; null: there is none. */
  secretOf(integrationId: string | null): Promise<string | null>;
};

const event = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().regex(/^[a-z.-]{1,60}$/),
  event_ts: z.number().positive(),
  payload: z.looseObject({}),
});
const toleranceMs = 5 * 60_000;

/**
 * Daily's webhooks: an HMAC (SHA-256, base64) over the time, a dot and the very bytes of the body, with a secret that is
 * given in base64. https://docs.daily.co/reference/rest-api/webhooks
 */
export function dailyWebhooks({ secretOf }: DailyWebhookSettings): WebhookVerifier {
  return {
    provider: "daily",

    async verify({ rawBody, headers, integrationId }) {
      const body = readText(rawBody);
      // Asked once, when the webhook is made, before there is a secret: it wants to hear that somebody is here.
      if (body === '{"test":"test"}') return null;
      const { "x-webhook-signature": signature, "x-webhook-timestamp": timestamp } = headers;
      if (!signature || !timestamp) throw new WebhookRefused("signature_missing");
      const secret = await secretOf(integrationId);
      // An unknown account is answered like a wrong signature.
      if (secret === null || !isSigned(secret, timestamp, rawBody, signature)) {
        throw new WebhookRefused("signature_invalid");
      }
      const sentAt = instantOf(timestamp);
      if (!(Math.abs(Date.now() - sentAt) <= toleranceMs)) throw new WebhookRefused("timestamp_too_old");

      const parsed = event.safeParse(readJson(body));
      if (!parsed.success) throw new WebhookRefused("body_malformed");
      const { id, type, event_ts } = parsed.data;
      return { eventId: id, type, occurredAt: new Date(event_ts * 1000) };
    },
  };
}

function isSigned(secret: string, timestamp: string, rawBody: Buffer, signature: string): boolean {
  const key = Buffer.from(secret, "base64");
  const expected = createHmac("sha256", key).update(`${timestamp}.`).update(rawBody).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Seconds, milliseconds, or a date as people write them. */
function instantOf(timestamp: string): number {
  if (!/^\d+(\.\d+)?$/.test(timestamp)) return Date.parse(timestamp);
  const number = Number(timestamp);
  return number > 1e11 ? number : number * 1000;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
