import type Stripe from "stripe";
import { OutcomeUnknown, Refused } from "../failures.ts";
import { toInteger } from "../minor_units.ts";
import { answered, type StripeAccount, stripeClient } from "../stripe/client.ts";
import { customerOf } from "../stripe/customer.ts";
import type { DocumentToIssue, InvoicingVendor, IssuedDocument } from "./port.ts";

/** As many as Stripe lists at once. */
const page = 100;

/**
 * Documents at Stripe: an invoice that Stripe neither collects nor sends, since both are ours, and credit notes of it. What we make
 * carries our id, and is looked for before anything is made: Stripe forgets keys after a day.
 */
export function stripeInvoices(account: StripeAccount, timeoutMs = 20_000): InvoicingVendor {
  const stripe = stripeClient(account, timeoutMs);
  return {
    provider: "stripe",
    sendsToTaxOffice: false,
    async issue(document, keep) {
      const { organizationId, billedTo, kind } = document;
      const clinic = { organizationId, name: billedTo.legalName, email: billedTo.email };
      const customerId = document.customerId ?? (await customerOf(stripe, clinic));
      if (!document.customerId) await keep(customerId);
      return kind === "invoice"
        ? issueInvoice(stripe, document, customerId)
        : issueCreditNote(stripe, document);
    },
  };
}

async function issueInvoice(
  stripe: Stripe,
  document: DocumentToIssue,
  customer: string,
): Promise<IssuedDocument> {
  const { id, currency, lines, dueOn, number } = document;
  const key = (what: string) => ({ idempotencyKey: `invoice:${id}:${what}` });
  let invoice =
    (await findInvoice(stripe, customer, id)) ??
    (await answered(
      stripe.invoices.create(
        {
          customer,
          currency: currency.toLowerCase(),
          collection_method: "send_invoice",
          days_until_due: daysBetween(document.issuedOn, dueOn ?? document.issuedOn),
          auto_advance: false,
          pending_invoice_items_behavior: "exclude",
          description: number,
          metadata: { document_id: id, number },
        },
        key("draft"),
      ),
    ));
  if (invoice.status === "draft") {
    const there = await linesOf(stripe, invoice.id);
    for (const [index, { description, amount }] of lines.entries()) {
      if (there.has(String(index))) continue;
      await answered(
        stripe.invoiceItems.create(
          {
            customer,
            invoice: invoice.id,
            currency: currency.toLowerCase(),
            amount: toInteger(amount),
            description: description.slice(0, 500),
            metadata: { position: String(index) },
          },
          key(`line:${index}`),
        ),
      );
    }
    invoice = await answered(
      stripe.invoices.finalizeInvoice(invoice.id, { auto_advance: false }, key("finalize")),
    );
  }
  return issuedInvoice(document, invoice);
}

async function findInvoice(stripe: Stripe, customer: string, id: string): Promise<Stripe.Invoice | null> {
  let after: string | undefined;
  for (;;) {
    const list = await answered(
      stripe.invoices.list({ customer, limit: page, ...(after && { starting_after: after }) }),
    );
    const found = list.data.find(({ metadata }) => metadata?.document_id === id);
    if (found) return found;
    after = list.data.at(-1)?.id;
    if (!list.has_more || !after) return null;
  }
}

/** Which lines another try has put there, by their positions. */
async function linesOf(stripe: Stripe, invoice: string): Promise<Set<string>> {
  const list = await answered(stripe.invoiceItems.list({ invoice, limit: page }));
  return new Set(list.data.map(({ metadata }) => metadata?.position ?? ""));
}

function issuedInvoice({ netAmount }: DocumentToIssue, invoice: Stripe.Invoice): IssuedDocument {
  const total = BigInt(invoice.total);
  const net = BigInt(invoice.total_excluding_tax ?? invoice.subtotal);
  if (net !== netAmount) throw new OutcomeUnknown("stripe says another amount without tax");
  return {
    documentId: invoice.id,
    number: invoice.number ?? invoice.id,
    url: invoice.invoice_pdf ?? null,
    taxAmount: total - net,
    totalAmount: total,
  };
}

async function issueCreditNote(stripe: Stripe, document: DocumentToIssue): Promise<IssuedDocument> {
  const { id, credits, lines, netAmount } = document;
  if (!credits) throw new Refused("stripe: a credit note credits an invoice");
  const list = await answered(stripe.creditNotes.list({ invoice: credits.documentId, limit: page }));
  const note =
    list.data.find(({ metadata }) => metadata?.document_id === id) ??
    (await answered(
      stripe.creditNotes.create(
        {
          invoice: credits.documentId,
          lines: lines.map(({ description, amount }) => ({
            type: "custom_line_item",
            description: description.slice(0, 500),
            quantity: 1,
            unit_amount: toInteger(amount),
          })),
          memo: document.number,
          metadata: { document_id: id },
        },
        { idempotencyKey: `credit_note:${id}` },
      ),
    ));
  const total = BigInt(note.total);
  const net = BigInt(note.total_excluding_tax ?? note.subtotal);
  if (net !== netAmount) throw new OutcomeUnknown("stripe says another amount without tax");
  return {
    documentId: note.id,
    number: note.number,
    url: note.pdf,
    taxAmount: total - net,
    totalAmount: total,
  };
}

/** From one civil day to another that is not before it. */
function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
}
