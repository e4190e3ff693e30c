import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Invoices of the platform to clinics, and the periods that they bill. */
export const invoiceTexts = {
  "IMMUTABLE invoice_is_issued": {
    ro: "Factura este emisă și nu se mai schimbă. Corectați-o cu o notă de creditare.",
    en: "The invoice is issued and does not change any more. Correct it by a credit note.",
    details: { invoiceId: "text" },
  },
  "STATE period_has_not_ended": {
    ro: "Perioada de facturare nu s-a încheiat încă.",
    en: "The billing period has not ended yet.",
    details: { periodId: "text" },
  },
  "STATE earlier_period_is_open": {
    ro: "O perioadă de facturare mai veche nu este încă închisă. Închideți-o întâi pe aceea.",
    en: "An earlier billing period is not closed yet. Close that one first.",
    details: { periodId: "text" },
  },
  "STATE tier_has_no_price": {
    ro: "Abonamentul nu are preț în moneda aceasta.",
    en: "The tier has no price in this currency.",
    details: { tierVersionId: "text", currency: "text", tenancyMode: "text" },
  },
  "STATE billing_details_missing": {
    ro: "Clinica nu are date de facturare. Completați-le.",
    en: "The clinic has no billing details. Enter them.",
  },
  "VALIDATION series_malformed": {
    ro: "Scrieți seria cu majuscule, cifre și liniuțe, începând cu o literă, cel mult 20 de caractere.",
    en: "Write the series in capital letters, digits and dashes, beginning with a letter, 20 characters at most.",
    details: field,
  },
  "CONFLICT series_is_of_another_kind": {
    ro: "Seria este folosită pentru alt fel de documente. Alegeți alta.",
    en: "The series is used for another kind of document. Choose another.",
    details: { series: "text" },
  },
} as const satisfies Texts;
