import { Refusal } from "../../runtime/refusal.ts";
import { Refused } from "../failures.ts";
import { stripeAccount } from "../stripe/account.ts";
import { manualPayments } from "./manual.ts";
import type { PaymentVendors } from "./port.ts";
import { stripePayments } from "./stripe.ts";

export type { Outcome, PaymentVendors } from "./port.ts";

/** Vendors that have a place and no adapter yet. */
const declared = new Set(["netopia", "euplatesc"]);

/** Whom clinics pay the platform through (BIL-04): the platform's account at Stripe by STRIPE_SECRET_KEY, or by bank transfer. */
export function paymentVendorsFrom(env: NodeJS.ProcessEnv): PaymentVendors {
  const account = stripeAccount(env);
  const stripe = account && stripePayments(account);

  return {
    for(provider) {
      if (provider === "manual") return manualPayments;
      if (declared.has(provider))
        throw new Refusal("CAPABILITY_NOT_BUILT", "provider_not_built", { provider });
      if (provider !== "stripe") throw new Refused(`payment: there is no adapter for ${provider}`);
      if (!stripe) throw new Refused("payment: no account is set up at stripe");
      return stripe;
    },
  };
}
