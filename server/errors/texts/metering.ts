import type { Texts } from "./text.ts";

const field = { field: "text" } as const;
const placed = { field: "text", place: "number" } as const;

/** Tiers of the platform, their limits, and what clinics use. */
export const meteringTexts = {
  "ENTITLEMENT_EXHAUSTED tier_limit_reached": {
    ro: "Abonamentul clinicii la platformă permite cel mult {limit, number}, iar limita este atinsă. Alegeți un abonament mai mare sau eliberați loc.",
    en: "The clinic's subscription to the platform allows {limit, number} at most, and that many there are. Choose a larger tier, or make room.",
    details: { meter: "text", limit: "number", used: "number" },
  },
  "VALIDATION meter_unknown": {
    ro: "Contorul {meter} nu există sau se numără singur. Folosiți unul din listă.",
    en: "The meter {meter} does not exist, or counts by itself. Use one of the list.",
    details: { meter: "text" },
  },
  "VALIDATION usage_subject_missing": {
    ro: "Contorul {meter} numără fiecare subiect o dată. Spuneți despre cine este vorba.",
    en: "The meter {meter} counts each subject once. Say whom it is about.",
    details: { meter: "text" },
  },
  "VALIDATION usage_key_malformed": {
    ro: "Cheia trebuie să aibă între 1 și 200 de caractere, fără caractere de control.",
    en: "Give a key of 1 to 200 characters, without control characters.",
    details: field,
  },
  "VALIDATION ai_model_malformed": {
    ro: "Scrieți numele modelului cu cel mult 100 de litere, cifre, puncte, cratime, bare sau două puncte.",
    en: "Write the name of the model with at most 100 letters, digits, dots, hyphens, slashes or colons.",
    details: field,
  },
  "VALIDATION ai_unit_malformed": {
    ro: "Scrieți unitatea cu litere mici și linii de subliniere, de exemplu input_tokens.",
    en: "Write the unit with small letters and underscores, such as input_tokens.",
    details: field,
  },
  "VALIDATION ai_units_malformed": {
    ro: "Spuneți câte unități s-au folosit din fiecare fel: numere întregi, cel mult 20 de feluri.",
    en: "Say how many of each unit were used: whole numbers, of 20 units at most.",
    details: field,
  },
  "VALIDATION ai_call_time_malformed": {
    ro: "Spuneți când a avut loc apelul; nu poate fi în viitor.",
    en: "Say when the call was made; it cannot be in the future.",
    details: field,
  },
  "VALIDATION ai_price_out_of_range": {
    ro: "Prețul trebuie să fie un număr de la zero în sus, cu cel mult nouă zecimale.",
    en: "Give a price of zero or more, with nine decimals at most.",
    details: field,
  },
  "VALIDATION ai_price_time_malformed": {
    ro: "Alegeți o dată între anii 2000 și 2200.",
    en: "Choose a date between the years 2000 and 2200.",
    details: field,
  },
  "VALIDATION currency_malformed": {
    ro: "Scrieți moneda cu trei litere mari, de exemplu RON.",
    en: "Write the currency with three capital letters, such as RON.",
    details: field,
  },
  "CONFLICT ai_price_is_known": {
    ro: "Pentru momentul acesta există deja un preț, după care s-a calculat. Alegeți un moment din viitor.",
    en: "A price is known for this time, and calls were priced by it. Choose a time in the future.",
    details: field,
  },
  "VALIDATION tier_slug_malformed": {
    ro: "Scrieți numele scurt cu litere mici, cifre și cratime, cel mult 63 de caractere.",
    en: "Write the short name with small letters, digits and hyphens, 63 characters at most.",
    details: field,
  },
  "VALIDATION tier_name_malformed": {
    ro: "Scrieți un nume de cel mult 100 de caractere.",
    en: "Write a name of 100 characters at most.",
    details: field,
  },
  "VALIDATION tier_trial_out_of_range": {
    ro: "Perioada de probă are între 0 și {most, number} de zile.",
    en: "A trial has from 0 to {most, number} days.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION tier_markup_out_of_range": {
    ro: "Adaosul este între 0 și {most, number} de sutimi de procent.",
    en: "A markup is from 0 to {most, number} hundredths of a percent.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION tier_price_malformed": {
    ro: "Prețul al {place, number}-lea nu este bun: moneda are trei litere mari, sumele nu sunt negative, și fiecare monedă și fel de găzduire apare o dată.",
    en: "Price {place, number} is not right: a currency has three capital letters, no amount is negative, and each currency and way of hosting stands there once.",
    details: placed,
  },
  "VALIDATION tier_limit_malformed": {
    ro: "Limita a {place, number}-a nu este bună: contorul este unul dintre cele cunoscute și apare o dată, iar ce există permanent se limitează (hard).",
    en: "Limit {place, number} is not right: each meter is a known one and stands there once, and what stands is limited (hard).",
    details: placed,
  },
  "VALIDATION tier_limit_only_soft": {
    ro: "Limita a {place, number}-a nu poate refuza: ce numără contorul {meter} se află abia după ce a fost folosit, deci se facturează (soft).",
    en: "Limit {place, number} can't refuse: what the meter {meter} counts is known only after it was used, so it is billed (soft).",
    details: { ...placed, meter: "text" },
  },
  "VALIDATION overage_price_malformed": {
    ro: "Prețul suplimentar al {place, number}-lea nu este bun: este de la zero în sus, o dată pentru un contor și o monedă, și numai pentru o limită care se facturează.",
    en: "Overage price {place, number} is not right: it is zero or more, once for a meter and a currency, and only where a limit is billed.",
    details: placed,
  },
  "CONFLICT tier_has_no_published_version": {
    ro: "Abonamentul nu are nicio versiune publicată. Publicați una înainte de a-l oferi.",
    en: "The tier has no published version. Publish one before you offer it.",
  },
  "CONFLICT tier_has_no_price": {
    ro: "Versiunea nu are niciun preț. Scrieți cel puțin unul.",
    en: "The version has no price. Give it one at least.",
  },
  "CONFLICT overage_price_missing": {
    ro: "Pentru {meter} lipsește prețul în {currency} al depășirii. Scrieți-l înainte de publicare.",
    en: "What {meter} costs beyond the limit in {currency} is missing. Give it before you publish.",
    details: { meter: "text", currency: "text" },
  },
} as const satisfies Texts;
