import { randomUUID } from "node:crypto";
import type { TestApi } from "./support.ts";

/** Suspends a clinic that has no subscription of its own, until it is ended; what else a subscription brings along is left out. */
export async function suspend(api: TestApi, clinic = "atlas"): Promise<{ end(): Promise<void> }> {
  const id = randomUUID();
  // Its triggers would ask how it came to be suspended.
  const write = (statement: string) =>
    api.sql(`begin; set local session_replication_role = replica; ${statement}; commit`);
  await write(
    `insert into app_public.organization_subscriptions
       (id, organization_id, status, tier_version_id, cadence, currency, timezone, provider, anchor_on)
     select '${id}', organizations.id, 'suspended', versions.id, 'monthly', 'RON', 'Europe/Bucharest', 'manual', current_date
     from app_public.organizations, (select id from app_public.platform_tier_versions limit 1) as versions
     where organizations.slug = '${clinic}'`,
  );
  return {
    async end() {
      await write(`delete from app_public.organization_subscriptions where id = '${id}'`);
    },
  };
}
