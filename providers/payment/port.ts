/** Money to take for an invoice, in minor units of an upper-case ISO 4217 currency. */
export type Charge = {
  /** Our id of the attempt: the vendor knows a repeat by it. */
  attemptId: string;
  invoiceId: string;
  /** What the clinic reads of it beside its statement: our number of the invoice. */
  description: string;
  /** The vendor's id of the clinic; null: it has entered no card. */
  customerId: string | null;
  amount: bigint;
  currency: string;
};

/** Money to give back of a payment. */
export type RefundOrder = {
  /** Our id of the refund: the vendor knows a repeat by it. */
  refundId: string;
  /** The vendor's id of the payment. */
  paymentId: string;
  amount: bigint;
  currency: string;
};

/** `unknown`: the vendor said a word that we do not know, which stands in `vendorStatus`. */
export type Outcome = {
  status: "processing" | "succeeded" | "failed" | "unknown";
  /** The vendor's id; null where it never heard of the charge. */
  id: string | null;
  vendorStatus: string;
  /** The vendor's word for why it failed, or the one that nobody knows. */
  failureCode: string | null;
  /** By the vendor's clock. */
  asOf: Date;
};

/** The clinic whose card is entered, and where its people come back to. */
export type CardUpdate = {
  organizationId: string;
  /** The vendor's id of the clinic; null: the vendor is asked whether it knows the clinic, and makes it otherwise. */
  customerId: string | null;
  name: string;
  email: string;
  currency: string;
  returnUrl: string;
  /** The same request again, such as a repeat by its key, leads to the same page; absent: a new one. */
  requestId?: string | undefined;
};

/**
 * What clinics pay the platform with (BIL-04). A repeat by the same id finds what was made and makes nothing. Each rejects with
 * CredentialsRefused, with Delayed where trying again is worth it, with OutcomeUnknown where it may have happened, and with
 * Refused when the vendor never will. A declined card is an outcome.
 */
export interface PaymentVendor {
  readonly provider: string;
  charge(charge: Charge): Promise<Outcome>;
  /** What became of a charge that may have left; null: the vendor does not know it. */
  findCharge(charge: Charge): Promise<Outcome | null>;
  refund(refund: RefundOrder): Promise<Outcome>;
  findRefund(refund: RefundOrder): Promise<Outcome | null>;
  /** A page of the vendor's where a card is entered. `keep` is told the vendor's id of the clinic before the page is made. */
  startCardUpdate(update: CardUpdate, keep: (customerId: string) => Promise<void>): Promise<{ url: string }>;
}

/** The platform's account at a vendor. Throws a Refusal for one that is declared and not built, Refused without an account. */
export type PaymentVendors = { for(provider: string): PaymentVendor };
