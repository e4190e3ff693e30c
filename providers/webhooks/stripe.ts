import Stripe from "stripe";
import { z } from "zod";
import { readVariable } from "../../runtime/environment/variable.ts";
import { WebhookRefused, type WebhookVerifier } from "./port.ts";
import { readText } from "./read_text.ts";

export type StripeWebhookSettings = {
  /** The signing secret of the platform's account (null), or of a clinic's integration; null: there is none. */
  secretOf(integrationId: string | null): Promise<string | null>;
};

const event = z.looseObject({
  id: z.string().min(1).max(255),
  object: z.literal("event"),
  type: z.string().regex(/^[a-z0-9_.]{1,100}$/),
  created: z.number().int().positive(),
  data: z.looseObject({ object: z.looseObject({}) }),
});

const secret = {
  schema: z.string().regex(/^whsec_\S{16,}$/),
  expects: "the signing secret (whsec_…) of the endpoint PUBLIC_URL/v1/webhooks/stripe",
};

/** STRIPE_WEBHOOK_SECRET; without one Stripe has no path to call. In production an account of Stripe needs one: charges end there. */
export function stripeWebhookSecret(env: NodeJS.ProcessEnv): string | undefined {
  const isNeeded = env.APP_MODE === "production" && env.STRIPE_SECRET_KEY;
  if (!env.STRIPE_WEBHOOK_SECRET && !isNeeded) return undefined;
  return readVariable(env, "STRIPE_WEBHOOK_SECRET", secret);
}

/** How old a delivery may be, in seconds. */
const TOLERANCE = 300;

/**
 * Stripe's webhooks: an HMAC over the time and the very bytes of the body, checked by Stripe's own SDK, five minutes of tolerance.
 * The time of the event orders what arrives out of order. https://docs.stripe.com/webhooks
 */
export function stripeWebhooks({ secretOf }: StripeWebhookSettings): WebhookVerifier {
  return {
    provider: "stripe",

    async verify({ rawBody, headers, integrationId }) {
      const signature = headers["stripe-signature"];
      if (!signature) throw new WebhookRefused("signature_missing");
      const body = readText(rawBody);
      const secret = await secretOf(integrationId);
      // An unknown account is answered like a wrong signature.
      if (secret === null) throw new WebhookRefused("signature_invalid");
      checkSignature(body, signature, secret);

      const parsed = event.safeParse(readJson(body));
      if (!parsed.success) throw new WebhookRefused("body_malformed");
      const { id, type, created } = parsed.data;
      return { eventId: id, type, occurredAt: new Date(created * 1000) };
    },
  };
}

function checkSignature(body: string, signature: string, secret: string): void {
  try {
    Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) {
      throw new WebhookRefused("body_malformed"); // signed, and no event
    }
    // The library tells these apart by its texts alone.
    const isTime = /tolerance zone/i.test(error.message);
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
