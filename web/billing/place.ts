import type { BillingOfClinicQuery } from "../documents/generated/operations.ts";
import type { Subscription } from "./billing.ts";

/** In which currency a subscription that begins now would be billed, and on whose server the clinic is. */
export function placeOf(billing: BillingOfClinicQuery): Pick<Subscription, "currency" | "tenancyMode"> {
  const { organization, organizationBilling } = billing;
  return {
    currency: organizationBilling?.currency ?? organization?.currency ?? "RON",
    tenancyMode: organization?.tenancyMode ?? "SHARED",
  };
}
