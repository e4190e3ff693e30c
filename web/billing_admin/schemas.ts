import type { Invoice } from "../billing/billing.ts";
import type { Schema } from "../schema_form/schema.ts";

const reason: Schema = {
  type: "string",
  title: "Reason",
  "x-title-ro": "Motivul",
  description: "It stands on the record, and the clinic reads it.",
  "x-description-ro": "Rămâne scris, iar clinica îl citește.",
  maxLength: 500,
};

const amount = (currency: string): Schema => ({
  type: "string",
  title: `Amount, ${currency}`,
  "x-title-ro": `Suma, ${currency}`,
  maxLength: 20,
});

/** A bank transfer that has arrived. */
export const transferSchema = (currency: string): Schema => ({
  type: "object",
  required: ["amount", "receivedOn", "reference"],
  properties: {
    amount: amount(currency),
    receivedOn: { type: "string", format: "date", title: "Received on", "x-title-ro": "Primit la" },
    reference: {
      type: "string",
      title: "Reference of the bank",
      "x-title-ro": "Referința băncii",
      description: "The same reference is recorded once.",
      "x-description-ro": "Aceeași referință se înregistrează o singură dată.",
      maxLength: 140,
    },
    note: { type: "string", title: "Note", "x-title-ro": "Notă", maxLength: 500 },
  },
});

/** Money of a payment that goes back. */
export const refundSchema = (currency: string): Schema => ({
  type: "object",
  required: ["amount", "reason"],
  properties: { amount: amount(currency), reason },
});

/** What is taken off an invoice, spread over its lines. */
export const discountSchema = (currency: string): Schema => ({
  type: "object",
  required: ["amount", "reason"],
  properties: {
    amount: {
      ...amount(currency),
      description: "Before tax. It is spread over the lines of the invoice.",
      "x-description-ro": "Fără TVA. Se împarte pe liniile facturii.",
    },
    reason,
  },
});

type Line = Invoice["invoiceLines"]["nodes"][number];

/** How much is taken off each line of an invoice, before tax. */
export const creditSchema = (
  lines: readonly Line[],
  currency: string,
  nameOf: (line: Line, language: "ro" | "en") => string,
): Schema => ({
  type: "object",
  required: ["reason"],
  properties: {
    ...Object.fromEntries(
      lines.map((line) => [
        `line${line.position}`,
        {
          ...amount(currency),
          title: `${nameOf(line, "en")}, ${currency}`,
          "x-title-ro": `${nameOf(line, "ro")}, ${currency}`,
        },
      ]),
    ),
    reason,
  },
});

export const reasonSchema: Schema = { type: "object", required: ["reason"], properties: { reason } };
