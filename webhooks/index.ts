import { clerkEvents } from "./clerk.ts";
import { dailyEvents } from "./daily.ts";
import type { WebhookHandler, WebhookHandlers } from "./receipt.ts";
import { sesEvents } from "./ses.ts";
import { stripeEvents } from "./stripe.ts";
import { twilioEvents } from "./twilio.ts";

export type { WebhookHandler, WebhookHandlers } from "./receipt.ts";

/** What each vendor's deliveries do, one line each (FND-25). */
export function createWebhookHandlers({ identityIssuer }: { identityIssuer: string }): WebhookHandlers {
  return handlersOf([clerkEvents(identityIssuer), sesEvents, twilioEvents, dailyEvents, stripeEvents]);
}

export function handlersOf(handlers: readonly WebhookHandler[]): WebhookHandlers {
  return new Map(handlers.map((handler) => [handler.provider, handler]));
}
