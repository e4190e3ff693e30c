import type { Texts } from "./text.ts";

/** Webhooks to clinics' own software. */
export const webhookTexts = {
  "VALIDATION webhook_url_not_public": {
    ro: "Adresa nu poate fi folosită. Dați o adresă https publică, pe portul 443 sau 8443, fără utilizator și parolă.",
    en: "This address cannot be called. Give a public https address on port 443 or 8443, without user and password.",
    details: { field: "text" },
  },
  "VALIDATION webhook_host_unknown": {
    ro: "Serverul acestei adrese nu a fost găsit. Verificați numele.",
    en: "The server of this address was not found. Check its name.",
    details: { field: "text" },
  },
  "VALIDATION event_not_offered": {
    ro: "Evenimentul {name} nu poate fi trimis. Alegeți dintre cele din webhookEventTypes.",
    en: "The event {name} cannot be sent. Choose of those that webhookEventTypes lists.",
    details: { field: "text", name: "text" },
  },
  "VALIDATION too_many_to_replay": {
    ro: "Intervalul cuprinde peste {most} livrări. Alegeți unul mai scurt.",
    en: "There are more than {most} deliveries in this span of time. Choose a shorter one.",
    details: { field: "text", most: "number" },
  },
  "RATE_LIMITED too_many_by_hand": {
    ro: "Pentru acest webhook s-au cerut prea multe teste sau retrimiteri. Încercați din nou peste {retryAfterSeconds} secunde.",
    en: "Too many tests or replays were asked for this webhook. Try again in {retryAfterSeconds} seconds.",
    details: { retryAfterSeconds: "number" },
  },
  "CONFLICT too_many_subscriptions": {
    ro: "Clinica are deja {most} webhookuri. Ștergeți unul înainte.",
    en: "The clinic has {most} webhooks already. Remove one first.",
    details: { most: "number" },
  },
  "CONFLICT too_many_secrets": {
    ro: "Secretul a fost schimbat de prea multe ori într-o zi. Încercați din nou mâine.",
    en: "The secret was changed too often within a day. Try again tomorrow.",
    details: { most: "number" },
  },
  "STATE webhooks_disabled": {
    ro: "Webhookul este oprit. Activați-l înainte.",
    en: "The webhook is switched off. Enable it first.",
    details: { from: "text" },
  },
} as const satisfies Texts;
