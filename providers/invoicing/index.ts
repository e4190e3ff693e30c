import { Refusal } from "../../runtime/refusal.ts";
import { Refused } from "../failures.ts";
import { stripeAccount } from "../stripe/account.ts";
import { fgoAccount } from "./account.ts";
import { fgoInvoices } from "./fgo.ts";
import { manualInvoices } from "./manual.ts";
import type { InvoicingVendors, Turns } from "./port.ts";
import { stripeInvoices } from "./stripe.ts";

export type { DocumentToIssue, InvoicingVendor, InvoicingVendors } from "./port.ts";

/** Vendors that have a place and no adapter yet. */
const declared = new Set(["smartbill", "efactura"]);

/**
 * Who issues what clinics are billed with (BIL-03, BIL-04): the platform's account at FGO by FGO_PRIVATE_KEY, at Stripe by
 * STRIPE_SECRET_KEY, or nobody else: then our own document is the document. With `turns` a vendor's pace holds for all who share them.
 */
export function invoicingVendorsFrom(env: NodeJS.ProcessEnv, turns?: Turns): InvoicingVendors {
  const stripe = stripeAccount(env);
  const fgo = fgoAccount(env);
  const made = {
    manual: manualInvoices,
    stripe: stripe && stripeInvoices(stripe),
    fgo: fgo && fgoInvoices(fgo, { turns }),
  };

  return {
    for(provider) {
      if (declared.has(provider))
        throw new Refusal("CAPABILITY_NOT_BUILT", "provider_not_built", { provider });
      if (!Object.hasOwn(made, provider)) throw new Refused(`invoicing: there is no adapter for ${provider}`);
      const vendor = made[provider as keyof typeof made];
      if (!vendor) throw new Refused(`invoicing: no account is set up at ${provider}`);
      return vendor;
    },
  };
}
