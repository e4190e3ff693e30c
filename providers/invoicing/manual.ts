import type { InvoicingVendor } from "./port.ts";

/** Our own document is the document (BIL-07): its number is ours, and no tax is added to it. */
export const manualInvoices: InvoicingVendor = {
  provider: "manual",
  sendsToTaxOffice: false,
  async issue({ id, number, netAmount }) {
    return { documentId: id, number, url: null, taxAmount: 0n, totalAmount: netAmount };
  },
};
