import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import { z } from "zod";
import { asciiLower } from "../ascii_lower.ts";
import { WebhookRefused, type WebhookVerifier } from "./port.ts";
import { readText } from "./read_text.ts";

export type TwilioWebhookSettings = {
  /** PUBLIC_URL, without a slash at the end: Twilio signs the URL that it called, in front of all proxies. */
  publicUrl: string;
  /** The auth token of the platform's account (null), or of a clinic's integration; null: there is none. */
  authTokenOf(integrationId: string | null): Promise<string | null>;
};

const message = z.looseObject({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/i),
  MessageStatus: z.string().optional(),
  SmsStatus: z.string().optional(),
});
const statusWord = z.string().regex(/^[a-z_-]{1,40}$/i);

/**
 * Twilio's status callbacks and incoming messages (FND-25). They carry no time and no id of their own: a text
 * reaches each status once, so text and status are the event, and a replay is a duplicate of it.
 */
export function twilioWebhooks({ publicUrl, authTokenOf }: TwilioWebhookSettings): WebhookVerifier {
  return {
    provider: "twilio",

    async verify({ rawBody, headers, url, integrationId }) {
      const signature = headers["x-twilio-signature"];
      if (!signature) throw new WebhookRefused("signature_missing");
      if (!/^application\/x-www-form-urlencoded\b/i.test(headers["content-type"] ?? "")) {
        throw new WebhookRefused("body_malformed");
      }

      const form = formOf(readText(rawBody));
      const authToken = await authTokenOf(integrationId);
      // An unknown account is answered like a wrong signature.
      const signed =
        authToken !== null && validateRequest(authToken, signature, publicUrl + pathOf(url), form);
      if (!signed) throw new WebhookRefused("signature_invalid");

      const parsed = message.safeParse(form);
      const status = statusWord.safeParse(parsed.data?.MessageStatus ?? parsed.data?.SmsStatus);
      if (!parsed.success || !status.success) throw new WebhookRefused("body_malformed");
      const word = asciiLower(status.data);
      return { eventId: `${parsed.data.MessageSid}:${word}`, type: `message.${word}`, occurredAt: null };
    },
  };
}

/** Path and query to the letter: a URL that was parsed and written again is not what was signed. */
function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
}

/** The fields of a form; one that comes twice keeps both, as both were signed. */
function formOf(text: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const known = form[name];
    form[name] = known === undefined ? value : [known, value].flat();
  }
  return form;
}
