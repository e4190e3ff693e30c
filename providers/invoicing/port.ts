/** As whom a clinic is billed, as the invoice froze it. */
export type BilledTo = {
  legalName: string;
  street: string;
  city: string;
  county: string;
  postalCode: string | null;
  /** Upper-case ISO 3166-1 alpha-2. */
  country: string;
  registrationNumber: string | null;
  /** In the clear, for the vendor alone: kept and logged nowhere. */
  taxId: string | null;
  email: string;
};

/** A document of ours, amounts in minor units of an upper-case ISO 4217 currency, without tax. */
export type DocumentToIssue = {
  kind: "invoice" | "credit_note";
  /** Our id: the vendor knows a repeat by it. */
  id: string;
  /** Our number, series and all. */
  number: string;
  /** Civil days. */
  issuedOn: string;
  dueOn: string | null;
  currency: string;
  netAmount: bigint;
  billedTo: BilledTo;
  /** A credit note's are positive, too. They sum to the net amount. */
  lines: { description: string; amount: bigint }[];
  /** What a credit note credits: our number of the invoice, and the vendor's id of it. */
  credits: { number: string; documentId: string } | null;
  organizationId: string;
  /** The payment vendor's id of the clinic, where it has one. */
  customerId: string | null;
};

/** What the vendor made of it. The tax is the vendor's (BIL-03); null: it did not say, or ours is the document. */
export type IssuedDocument = {
  documentId: string;
  number: string;
  url: string | null;
  taxAmount: bigint | null;
  totalAmount: bigint | null;
};

/**
 * Who issues the legal documents (BIL-03, BIL-04). A repeat by the same id answers the document that is there. Each rejects with
 * CredentialsRefused, with Delayed where trying again is worth it, with OutcomeUnknown where it may be issued, and with Refused
 * when the vendor never will.
 */
export interface InvoicingVendor {
  readonly provider: string;
  /** Whether it sends what it issues on to the tax office by itself. */
  readonly sendsToTaxOffice: boolean;
  /** `keep` is told the vendor's id of a clinic that it did not know, before anything is issued. */
  issue(document: DocumentToIssue, keep: (customerId: string) => Promise<void>): Promise<IssuedDocument>;
}

/** The platform's account at a vendor. Throws a Refusal for one that is declared and not built, Refused without an account. */
export type InvoicingVendors = { for(provider: string): InvoicingVendor };

/**
 * Lets `work` ask a vendor when nobody else does, and not before `spacingMs` have passed since the last of this name was answered. Rejects as
 * the work does, or where no turn can be had; then nothing was asked.
 */
export type Turns = <T>(name: string, spacingMs: number, work: () => Promise<T>) => Promise<T>;
