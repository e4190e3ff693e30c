import type { Texts } from "./text.ts";

/** Vendors through which clinics pay the platform, and who issue what they are billed with. */
export const paymentVendorTexts = {
  "CAPABILITY_NOT_BUILT provider_not_built": {
    ro: "Furnizorul {provider} este prevăzut pentru mai târziu. Alegeți altul.",
    en: "{provider} is declared for later; nothing implements it yet. Choose another.",
    details: { provider: "text" },
  },
  "STATE paid_by_transfer": {
    ro: "Clinica plătește prin transfer bancar: treceți numărul facturii la detaliile plății. Pentru plata cu cardul adresați-vă platformei.",
    en: "The clinic pays by bank transfer: name the number of the invoice in the transfer. To pay by card, ask the platform.",
  },
  "VALIDATION return_url_not_allowed": {
    ro: "Adresa de întoarcere trebuie să fie a unei pagini a platformei.",
    en: "The return URL has to be of a page of this platform.",
    details: { field: "text" },
  },
  "UNAVAILABLE payment_vendor_unavailable": {
    ro: "Furnizorul de plăți nu răspunde acum. Încercați din nou peste câteva minute.",
    en: "The payment vendor does not answer right now. Try again in a few minutes.",
  },
} satisfies Texts;
