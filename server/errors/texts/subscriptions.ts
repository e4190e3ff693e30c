import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** What clinics subscribe to at the platform, and how they are billed. */
export const subscriptionTexts = {
  "STATE clinic_suspended": {
    ro: "Clinica nu primește nimic nou în acest moment: nici programări, nici planuri. Cine lucrează la clinică găsește motivul la Abonament și facturare.",
    en: "The clinic takes nothing new at the moment: no bookings and no plans. Who works at the clinic finds the reason under billing.",
  },
  "STATE billing_incomplete": {
    ro: "Completați întâi datele de facturare ale clinicii, apoi abonați-o.",
    en: "Complete the billing details of the clinic first, then subscribe it.",
    details: { missing: "data" },
  },
  "STATE tier_cannot_change": {
    ro: "Planul nu se poate schimba acum. Plătiți întâi ce este scadent.",
    en: "The plan cannot be changed now. Pay what is due first.",
    details: { status: "text" },
  },
  "STATE cadence_cannot_change": {
    ro: "Perioada de facturare nu se poate schimba acum. Plătiți întâi ce este scadent.",
    en: "How often the plan is billed cannot be changed now. Pay what is due first.",
    details: { status: "text" },
  },
  "STATE subscription_does_not_end": {
    ro: "Abonamentul nu este anulat, deci continuă oricum.",
    en: "The subscription was not canceled, so it goes on anyway.",
  },
  "STATE subscription_is_unpaid": {
    ro: "Abonamentul se încheie fiindcă o factură nu este plătită. Plătiți-o și va continua.",
    en: "The subscription ends since a bill is not paid. Pay it, and it goes on.",
  },
  "CONFLICT clinic_already_subscribed": {
    ro: "Clinica are deja un abonament. Schimbați planul sau anulați-l.",
    en: "The clinic subscribes already. Change the plan, or cancel it.",
  },
  "NOT_FOUND clinic_not_subscribed": {
    ro: "Clinica nu are un abonament. Alegeți întâi un plan.",
    en: "The clinic has no subscription. Choose a plan first.",
  },
  "NOT_FOUND platform_tier_not_found": {
    ro: "Acest plan nu se oferă. Alegeți altul.",
    en: "This plan is not offered. Choose another.",
  },
  "VALIDATION tier_has_no_price": {
    ro: "Planul nu are preț în {currency}. Alegeți alt plan sau altă monedă în datele de facturare.",
    en: "The plan has no price in {currency}. Choose another plan, or another currency in the billing details.",
    details: { ...field, currency: "text" },
  },
  "VALIDATION tax_id_invalid": {
    ro: "Codul fiscal nu este valid. Verificați cifrele.",
    en: "The tax id is not valid. Check its digits.",
    details: field,
  },
} as const satisfies Texts;
