import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Clinic } from "./data.ts";

/** What the demo clinics subscribe to: one pays, one tries. */
const subscribed: Record<string, { tier: string; cadence: "monthly" | "annual"; tries: boolean }> = {
  "atlas-recuperare": { tier: "pro", cadence: "monthly", tries: false },
};
const otherwise = { tier: "pro", cadence: "annual", tries: true } as const;

/** Where the platform is paid by bank transfer, which invoices and their mails say: two made-up accounts of one bank. */
const accounts = [
  { currency: "RON", iban: "RO49AAAA1B31007593840000" },
  { currency: "EUR", iban: "RO22AAAA1B31007593840001" },
];

export async function fillBankAccounts(client: pg.Client): Promise<void> {
  await client.query("set local role app_engine");
  await client.query(
    `insert into app_public.platform_bank_accounts (currency, holder, iban, bank, bic)
     select account.currency, 'RestartiX SRL', account.iban, 'Banca Demo', 'AAAAROBU'
     from jsonb_to_recordset($1) as account (currency text, iban text)
     on conflict do nothing`,
    [JSON.stringify(accounts)],
  );
  await client.query("reset role");
}

/**
 * As whom the clinic is billed, and its subscription, begun today. The tax id is left out, since only the server seals one: it is
 * entered on the page of billing.
 */
export async function fillSubscription(
  client: pg.Client,
  { slug, name, city, street, contact_email }: Clinic,
  organizationId: string,
): Promise<void> {
  const { tier, cadence, tries } = subscribed[slug] ?? otherwise;
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "billing.manage", organizationId);
  await client.query(
    `insert into app_public.organization_billing
       (organization_id, legal_name, street, city, county, country, registration_number, billing_email, currency, timezone, cadence, updated_by)
     select id, $2 || ' SRL', $3, $4, $4, country, 'J12/118/2019', $5, currency, timezone, $6, app_private.current_actor_id()
     from app_public.organizations where id = $1`,
    [organizationId, name, street, city, contact_email, cadence],
  );
  if (!tries) {
    // It had its trial before: that comes once.
    await prepare(client, organizationId, { tier, cadence });
    await client.query(
      `update app_public.organization_subscriptions
       set status = 'canceled', trial_ends_at = app_hidden.now() - interval '1 day', ended_at = app_hidden.now()
       where organization_id = $1`,
      [organizationId],
    );
  }
  await prepare(client, organizationId, { tier, cadence });
  await client.query(
    `select app_private.begin_organization_subscription(subscriptions)
     from app_public.organization_subscriptions as subscriptions
     where subscriptions.organization_id = $1 and subscriptions.status = 'pending'`,
    [organizationId],
  );
  await actAs(client, "", "");
  await client.query("reset role");
}

async function prepare(
  client: pg.Client,
  organizationId: string,
  { tier, cadence }: { tier: string; cadence: string },
): Promise<void> {
  await client.query(
    `insert into app_public.organization_subscriptions
       (organization_id, status, tier_version_id, cadence, currency, timezone, provider, created_by)
     select organizations.id, 'pending', versions.id, $3, organizations.currency, organizations.timezone,
            app_private.payment_provider_of(organizations.id), app_private.current_actor_id()
     from app_public.organizations
     join app_public.platform_tiers on platform_tiers.slug = $2
     join app_public.platform_tier_versions as versions
       on versions.tier_id = platform_tiers.id and versions.published_at is not null
     where organizations.id = $1
     order by versions.version desc
     limit 1`,
    [organizationId, tier, cadence],
  );
}
