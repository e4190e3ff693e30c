import type { Texts } from "./text.ts";

/** Waiting for a time, and what is offered. */
export const waitlistTexts = {
  "VALIDATION last_day_before_first": {
    ro: "Ultima zi este înaintea primei zile. Alegeți zilele din nou.",
    en: "The last day is before the first one. Choose the days again.",
    details: { field: "text" },
  },
  "VALIDATION wish_out_of_bounds": {
    ro: "Alegeți zile de astăzi înainte, cel mult cu {most} de zile.",
    en: "Choose days from today on, at most {most} days ahead.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION weekday_unknown": {
    ro: "Alegeți cel puțin o zi a săptămânii, de la 1 (luni) la 7 (duminică).",
    en: "Choose at least one day of the week, from 1 (Monday) to 7 (Sunday).",
    details: { field: "text" },
  },
  "VALIDATION latest_before_earliest": {
    ro: "Ora cea mai târzie este înaintea celei mai devreme. Alegeți orele din nou.",
    en: "The latest time is before the earliest one. Choose the times again.",
    details: { field: "text" },
  },
  "VALIDATION contact_is_missing": {
    ro: "Scrieți numele, adresa de email și numărul de telefon, ca să vă putem anunța.",
    en: "Write name, email address and telephone number, so that we can tell you.",
    details: { field: "text" },
  },
  "VALIDATION patient_has_a_contact": {
    ro: "Pacientul este anunțat la adresa din profilul său. Lăsați numele, adresa și numărul necompletate.",
    en: "The patient is told at the address in their profile. Leave name, address and number out.",
    details: { field: "text" },
  },
  "RATE_LIMITED too_many_waits": {
    ro: "V-ați înscris prea des pe liste de așteptare. Încercați din nou peste {retryAfterSeconds}.",
    en: "You have joined waiting lists too often. Try again in {retryAfterSeconds}.",
    details: { retryAfterSeconds: "seconds" },
  },
  "CONFLICT waits_too_often": {
    ro: "Sunteți deja de {limit} ori pe listele de așteptare ale clinicii. Ieșiți întâi de pe una dintre ele.",
    en: "You are on the waiting lists of the clinic {limit} times already. Leave one of them first.",
    details: { limit: "number" },
  },
  "CONFLICT waitlist_is_full": {
    ro: "Lista de așteptare este plină. Încercați mai târziu sau sunați la clinică.",
    en: "The waiting list is full. Try again later, or call the clinic.",
    details: { limit: "number" },
  },
  "NOT_FOUND waitlist_entry_not_found": {
    ro: "Nu găsim această înscriere pe lista de așteptare. Verificați linkul sau reîncărcați lista.",
    en: "We do not find this place on the waiting list. Check the link, or reload the list.",
  },
  "CONFLICT has_an_offer": {
    ro: "Persoanei i se păstrează deja o oră. Așteptați răspunsul ei.",
    en: "A time is being kept for this person already. Wait for their answer.",
  },
  "VALIDATION too_near_to_offer": {
    ro: "Ora aceasta este prea aproape ca să mai poată răspunde cineva. Sunați persoana sau alegeți o oră mai târzie.",
    en: "This time is too near for anybody to answer. Call the person, or choose a later one.",
    details: { field: "text" },
  },
  "NOT_FOUND offer_not_found": {
    ro: "Nu găsim ora oferită. Verificați linkul din mesaj.",
    en: "We do not find the offered time. Check the link in the message.",
  },
  "GONE offer_over": {
    ro: "Ora oferită nu mai este păstrată. Rămâneți pe lista de așteptare dacă nu ați ieșit de pe ea.",
    en: "The offered time is not kept any more. You stay on the waiting list unless you left it.",
  },
} as const satisfies Texts;
