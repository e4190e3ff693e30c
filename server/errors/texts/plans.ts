import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Plans, tiers, subscriptions, and what is left of them. */
export const planTexts = {
  "NOT_FOUND service_plan_not_found": {
    ro: "Clinica nu vinde acest plan. Alegeți altul.",
    en: "The clinic does not sell this plan. Choose another.",
  },
  "NOT_FOUND patient_tier_not_found": {
    ro: "Clinica nu oferă acest abonament. Alegeți altul.",
    en: "The clinic does not offer this tier. Choose another.",
  },
  "CONFLICT already_subscribed": {
    ro: "Pacientul are deja un abonament. Schimbați-l sau încheiați-l înainte.",
    en: "The patient subscribes already. Change that subscription, or end it first.",
  },
  "CONFLICT plan_is_of_a_tier": {
    ro: "Planul vine cu abonamentul. Schimbați sau încheiați abonamentul.",
    en: "The plan comes with the subscription. Change or end the subscription.",
  },
  "CONFLICT both_subscribed": {
    ro: "Amândoi pacienții au abonament. Încheiați unul, apoi uniți fișele.",
    en: "Both patients subscribe. End one of the subscriptions, then merge them.",
  },
  "STATE plan_has_ended": {
    ro: "Planul s-a încheiat. Nu mai este nimic de corectat.",
    en: "The plan has ended. There is nothing to correct any more.",
  },
  "STATE subscription_is_not_running": {
    ro: "În starea aceasta abonamentul nu se poate schimba. Reîncărcați pagina.",
    en: "The subscription cannot be changed in this state. Reload the page.",
    details: { status: "text" },
  },
  "NOT_FOUND subscription_not_linked": {
    ro: "Niciun abonament al clinicii nu este legat de această referință. Legați-l cu linkPatientSubscription.",
    en: "No subscription of the clinic is linked with this reference. Link it with linkPatientSubscription.",
  },
  "CONFLICT subscription_is_linked": {
    ro: "Abonamentul este legat deja de altă referință. Dezlegați-l înainte.",
    en: "The subscription is linked with another reference already. Unlink that one first.",
    details: { provider: "text" },
  },
  "CONFLICT reference_is_linked": {
    ro: "Referința este a abonamentului altui pacient. Verificați-o.",
    en: "The reference is of another patient's subscription. Check it.",
    details: field,
  },
  "VALIDATION payment_provider_unknown": {
    ro: "Furnizorul de plăți nu este cunoscut. Alegeți STRIPE sau OWN.",
    en: "The payment provider is not known. Choose STRIPE or OWN.",
    details: field,
  },
  "VALIDATION external_reference_malformed": {
    ro: "Referința are între 1 și 200 de caractere ASCII vizibile, fără spații. Copiați-o de la furnizor.",
    en: "A reference has 1 to 200 printable ASCII characters, without spaces. Copy it from the provider.",
    details: field,
  },
  "VALIDATION trial_needs_an_end": {
    ro: "Spuneți până când ține perioada de probă, și numai pentru un abonament de probă.",
    en: "Say until when the trial lasts, and only for one that is on trial.",
    details: field,
  },
  "VALIDATION already_past": {
    ro: "Alegeți un moment din viitor.",
    en: "Choose a time in the future.",
    details: field,
  },
  "VALIDATION adjustment_out_of_range": {
    ro: "Scrieți un număr diferit de zero, de cel mult {most, number}.",
    en: "Give a number other than zero, {most, number} at most.",
    details: { field: "text", most: "number" },
  },
  "ENTITLEMENT_EXHAUSTED nothing_left": {
    ro: "Din plan nu a mai rămas nimic de folosit. Alegeți alt plan sau plătiți separat.",
    en: "Nothing is left of the plan. Choose another plan, or pay for it by itself.",
    details: { kind: "text" },
  },
  "ENTITLEMENT_EXHAUSTED not_in_a_plan": {
    ro: "Niciun plan activ al pacientului nu cuprinde așa ceva. Alegeți un plan sau plătiți separat.",
    en: "No open plan of the patient includes this. Choose a plan, or pay for it by itself.",
    details: { kind: "text" },
  },
  "IMMUTABLE entitlement_entry_is_immutable": {
    ro: "Ce s-a acordat și s-a folosit rămâne scris. Adăugați o corecție.",
    en: "What was given and used stays written. Add a correction instead.",
  },
} as const satisfies Texts;
