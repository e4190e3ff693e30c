import { clerkWebhooks } from "./clerk.ts";
import { type CredentialsOf, messageVerifiers } from "./messages.ts";
import type { WebhookVerifier } from "./port.ts";
import { stripeWebhooks } from "./stripe.ts";

export type { InboundRequest, VerifiedDelivery, WebhookVerifier } from "./port.ts";
export { WebhookRefused } from "./port.ts";
export { stripeWebhookSecret } from "./stripe.ts";

/** The verifiers by the vendor's name in the path. */
export type Verifiers = ReadonlyMap<string, WebhookVerifier>;

/** What deliveries are checked with. A vendor whose secret is missing has no path to call. */
export type WebhookSecrets = {
  /** The identity provider's signing secret, `whsec_…`. */
  clerk?: string | undefined;
  /** What Stripe signs with for the platform's account, `whsec_…`. */
  stripe?: string | undefined;
  /** Where the vendors of messages find theirs: settings of the platform's accounts, and clinics' own. */
  messages?: { env: NodeJS.ProcessEnv; credentialsOf: CredentialsOf } | undefined;
};

/** Every vendor that may call us, one line each (FND-25). */
export function createVerifiers({ clerk, stripe, messages }: WebhookSecrets): Verifiers {
  return verifiersOf([
    clerk ? clerkWebhooks(clerk) : null,
    stripe || messages
      ? stripeWebhooks({
          async secretOf(integrationId) {
            if (integrationId === null) return stripe ?? null;
            return (await messages?.credentialsOf(integrationId, "stripe"))?.webhookSecret ?? null;
          },
        })
      : null,
    ...(messages ? messageVerifiers(messages.env, messages.credentialsOf) : []),
  ]);
}

function verifiersOf(verifiers: readonly (WebhookVerifier | null)[]): Verifiers {
  return new Map(
    verifiers.filter((verifier) => verifier !== null).map((verifier) => [verifier.provider, verifier]),
  );
}
