import { todayIn } from "../components/calendar.ts";
import type { Language } from "../components/language.ts";
import type {
  BillingOfClinicQuery,
  InvoiceInListFragment,
  OneInvoiceQuery,
  PlatformTiersQuery,
  SubscriptionFragment,
  TierOfferedFragment,
} from "../documents/generated/operations.ts";
import { ZONE } from "./days.ts";

export type Subscription = SubscriptionFragment;
export type BilledAs = NonNullable<BillingOfClinicQuery["organizationBilling"]>;
export type Usage = BillingOfClinicQuery["organizationUsage"]["nodes"][number];
/** A line of an invoice, or of one to come. */
export type Line = BillingOfClinicQuery["projectedInvoice"]["nodes"][number];
/** What a clinic has to its credit. */
export type Carried = BillingOfClinicQuery["carriedCredits"]["nodes"][number];
export type Meter = Pick<
  PlatformTiersQuery["meters"]["nodes"][number],
  "key" | "description" | "descriptionRo"
>;
export type ListedInvoice = InvoiceInListFragment;
export type Invoice = NonNullable<OneInvoiceQuery["invoice"]>;
export type Payment = Invoice["payments"]["nodes"][number];
export type Tier = TierOfferedFragment;

/** The number of an invoice or a credit note, as people name it; of a draft there is none. */
export function numberOf({ series, number }: { series: string | null; number: string | null }): string {
  return number === null ? "–" : `${series} ${number}`;
}

/** What is still to be paid of an invoice, in minor units. */
export function dueOf(
  invoice: Pick<ListedInvoice, "status" | "totalAmount" | "netAmount" | "paidAmount" | "creditedAmount">,
): bigint {
  if (invoice.status !== "ISSUED") return 0n;
  const { totalAmount, netAmount, paidAmount, creditedAmount } = invoice;
  const left = BigInt(totalAmount ?? netAmount) - BigInt(paidAmount) - BigInt(creditedAmount);
  return left > 0n ? left : 0n;
}

/** What of a payment pays nothing and was not given back. */
export function balanceOf({ amount, appliedAmount, refundedAmount }: Payment): bigint {
  return BigInt(amount) - BigInt(appliedAmount) - BigInt(refundedAmount);
}

/** Whether it should have been paid by now, by the calendar of the clinic's bills. */
export function isOverdue(invoice: ListedInvoice, zone: string | undefined): boolean {
  return dueOf(invoice) > 0n && invoice.dueOn !== null && invoice.dueOn < todayIn(zone ?? ZONE);
}

/** What a meter counts, as a name rather than a sentence. */
export function nameOfMeter(meters: readonly Meter[], key: string, language: Language): string {
  const meter = meters.find((one) => one.key === key);
  return (language === "ro" ? meter?.descriptionRo : meter?.description)?.replace(/\.$/, "") ?? key;
}
