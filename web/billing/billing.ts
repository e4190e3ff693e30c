import type {
  BillingOfClinicQuery,
  InvoiceInListFragment,
  InvoiceLineFragment,
  OneInvoiceQuery,
  SubscriptionFragment,
  TierOfferedFragment,
} from "../documents/generated/operations.ts";
import { todayIn } from "./days.ts";

export type Subscription = SubscriptionFragment;
export type BilledAs = NonNullable<BillingOfClinicQuery["organizationBilling"]>;
export type Usage = BillingOfClinicQuery["organizationUsage"]["nodes"][number];
export type Line = InvoiceLineFragment;
export type ListedInvoice = InvoiceInListFragment;
export type Invoice = NonNullable<OneInvoiceQuery["invoice"]>;
export type Tier = TierOfferedFragment;

/** The number of an invoice, as people name it; of a draft there is none. */
export function numberOf({ series, number }: { series: string | null; number: string | null }): string {
  return number === null ? "–" : `${series} ${number}`;
}

/** What is still to be paid of an invoice, in minor units. */
export function dueOf(
  invoice: Pick<ListedInvoice, "status" | "totalAmount" | "netAmount" | "paidAmount" | "creditedAmount">,
): bigint {
  if (invoice.status !== "ISSUED") return 0n;
  const left =
    BigInt(invoice.totalAmount ?? invoice.netAmount) - BigInt(invoice.paidAmount) - BigInt(invoice.creditedAmount);
  return left > 0n ? left : 0n;
}

/** Whether it should have been paid by now, by the calendar of the clinic's bills. */
export function isOverdue(invoice: ListedInvoice, zone: string | undefined): boolean {
  return dueOf(invoice) > 0n && invoice.dueOn !== null && invoice.dueOn < todayIn(zone);
}
