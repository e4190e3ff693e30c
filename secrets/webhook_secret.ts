import type { Place } from "./envelope.ts";

/** Where what a clinic's webhooks are signed with lies sealed (WHK-01). */
export function webhookSecretPlace(row: string): Place {
  return { table: "app_private.webhook_secrets", column: "secret", row };
}
