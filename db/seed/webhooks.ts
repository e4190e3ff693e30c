import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Catalog } from "./catalog.ts";

/**
 * One subscription of each clinic, to an address on this machine, where nobody listens yet: it is switched off, and has no secret,
 * since secrets are made and shown by the server alone. Its name says what to do.
 */
export async function fillWebhooks(client: pg.Client, { organizationId }: Catalog): Promise<void> {
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "webhooks.manage", organizationId);
  const { rows } = await client.query<{ id: string }>(
    `insert into app_public.webhook_subscriptions (organization_id, name, url, event_names, created_by)
     values ($1, 'Programul de facturare (oprit: schimbați secretul, porniți receptorul, apoi activați)',
       'http://localhost:9999/webhooks', '{appointment.booked,appointment.cancelled,appointment.done}', app_private.current_actor_id())
     returning id`,
    [organizationId],
  );
  await client.query(
    `with endpoint as (
       insert into app_private.webhook_endpoints (organization_id, subscription_id) values ($1, $2) returning subscription_id)
     select app_public.disable_webhook_subscription(subscription_id) from endpoint`,
    [organizationId, rows[0]?.id],
  );
  await actAs(client, "", "");
  await client.query("reset role");
}
