import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { CredentialsRefused, Delayed, Refused } from "../../providers/failures.ts";
import type { PaymentVendors } from "../../providers/payment/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { asCaller, asServer } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export type CardUpdateParts = {
  pool: Pool;
  vendors: PaymentVendors;
  /** Where people may come back to: our own pages, and the frontends that sign in here. */
  origins: readonly string[];
};

/** What the schema does with cards beyond SQL (BIL-08): the vendor's page takes them, and nothing of a card comes here. */
export type CardUpdates = {
  start(
    settings: Settings,
    asked: { organizationId: string; returnUrl: string },
  ): Promise<{ id: string; url: string }>;
};

type Form = {
  subscription_id: string;
  provider: string;
  provider_customer_id: string | null;
  legal_name: string;
  billing_email: string;
  currency: string;
};

export function createCardUpdates({ pool, vendors, origins }: CardUpdateParts): CardUpdates {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));

  /** The URL as it is read, so that what is checked is what is called. */
  function returnTo(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isOurs = url && allowed.has(url.origin) && !url.username && !url.password;
    if (!isOurs) throw new Refusal("VALIDATION", "return_url_not_allowed", { field: "returnUrl" });
    return url.href;
  }

  return {
    async start(settings, { organizationId, returnUrl }) {
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query<Form>("select * from app_hidden.card_update_form($1)", [organizationId]),
      );
      const form = rows[0] as Form;
      const address = returnTo(returnUrl);
      const { url } = await Promise.try(() =>
        vendors.for(form.provider).startCardUpdate(
          {
            organizationId,
            customerId: form.provider_customer_id,
            name: form.legal_name,
            email: form.billing_email,
            currency: form.currency,
            returnUrl: address,
            requestId: requestIn(settings, organizationId, address),
          },
          async (customerId) => {
            await asServer(pool, settings, (client) =>
              client.query("select app_hidden.record_payment_customer($1, $2, $3)", [
                organizationId,
                form.provider,
                customerId,
              ]),
            );
          },
        ),
      ).catch(unavailable);
      return { id: form.subscription_id, url };
    },
  };
}

/** One request of a caller's and its repeats, in a word that says nothing of them; absent where they sent no key. */
function requestIn(settings: Settings, organizationId: string, returnUrl: string): string | undefined {
  const key = settings["app.idempotency_key"];
  if (!key) return undefined;
  const caller = settings["app.principal_id"] ?? "";
  return createHash("sha256")
    .update(JSON.stringify([caller, organizationId, key, returnUrl]))
    .digest("hex");
}

/** People read that it does not work now; what the vendor said is for operators. */
function unavailable(error: unknown): never {
  const isVendors =
    error instanceof Delayed || error instanceof Refused || error instanceof CredentialsRefused;
  throw isVendors ? new Refusal("UNAVAILABLE", "payment_vendor_unavailable") : error;
}
