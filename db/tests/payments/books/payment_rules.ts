/** What happens to the invoices of one clinic. Invoices, payments, attempts and refunds are named by the order in which they were made. */
export type Step =
  | { do: "invoice"; lines: number[]; taxPercent: number; dueIn: number; hasDocument: boolean }
  | { do: "document"; invoice: number }
  | { do: "settle"; invoice: number }
  | { do: "transfer"; invoice: number; amount: number; reference: number }
  | { do: "credit"; invoice: number; amounts: number[] }
  | { do: "discount"; invoice: number; amount: number }
  | { do: "void"; invoice: number }
  | { do: "writeOff"; invoice: number }
  | { do: "charge"; invoice: number }
  | { do: "report"; attempt: number; status: AttemptReport; at: number; isOther: boolean }
  | { do: "refund"; payment: number; amount: number }
  | { do: "refundReport"; refund: number; status: RefundReport; at: number };

export type AttemptReport = "processing" | "succeeded" | "failed" | "canceled" | "unknown";
export type RefundReport = "processing" | "succeeded" | "failed" | "unknown";

/** What is compared after all steps. */
export type Books = {
  /** status, payment state, paid, credited, credited before tax */
  invoices: [string, string, number, number, number][];
  /** amount, what pays invoices, what was given back */
  payments: [number, number, number][];
  attempts: string[];
  refunds: string[];
  accounts: Record<string, number>;
  /** Credit notes are numbered without gaps. */
  creditNotes: number;
};

/** Rounded half away from zero, of what is not negative. */
export function share(amount: number, part: number, whole: number): number {
  return Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));
}
