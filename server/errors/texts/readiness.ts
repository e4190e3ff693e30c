import type { Texts } from "./text.ts";

/** What is asked of a patient before a booking, a confirmation or a session, and who may not book by themselves. */
export const readinessTexts = {
  "NOT_READY requirements_missing": {
    ro:
      "Mai este nevoie de ce scrie în lista alăturată: acorduri, formulare sau o ședință din plan. Rezolvați fiecare, apoi " +
      "încercați din nou; la nevoie sunați la clinică.",
    en:
      "What the list beside this names is still needed: consents, forms, or a session of a plan. Settle each, then try " +
      "again; call the clinic if you need help.",
    details: { missing: "data" },
  },
  "NOT_READY session_missing": {
    ro: "Planul nu acoperă programarea. Alegeți alt plan sau rezervați fără plan și plătiți separat.",
    en: "The plan does not pay for this appointment. Choose another plan, or book without one and pay for it by itself.",
    details: { missing: "data" },
  },
  "NOT_READY booking_blocked": {
    ro:
      "Clinica vă roagă să faceți programările prin recepție: sunați sau scrieți. Motivul este alături; dacă nu sunteți de " +
      "acord, cereți ca altcineva din clinică să îl verifice.",
    en:
      "The clinic asks you to book through its front desk: call or write. The reason stands beside this; if you do not " +
      "agree, ask for somebody else of the clinic to look at it.",
    details: { missing: "data" },
  },
  "CONFLICT booking_blocked_already": {
    ro: "Pacientul are deja o restricție de programare. Ridicați-o mai întâi pe aceea.",
    en: "The patient may not book by themselves already. Lift the block that stands first.",
    details: { bookingBlockId: "text" },
  },
  "NOT_FOUND booking_block_not_found": {
    ro: "Restricția nu există sau nu aveți acces la ea. Reîncărcați pagina.",
    en: "There is no such block, or it is not yours to see. Reload the page.",
  },
  "STATE booking_block_lifted": {
    ro: "Restricția a fost deja ridicată. Reîncărcați pagina.",
    en: "The block was lifted already. Reload the page.",
  },
  "STATE booking_block_contested": {
    ro: "Ați cerut deja verificarea, la {contestedAt}. Clinica vă răspunde.",
    en: "You asked for a review already, on {contestedAt}. The clinic will answer.",
    details: { contestedAt: "instant", timezone: "timezone" },
  },
  "STATE booking_block_not_contested": {
    ro: "Pacientul nu a cerut verificarea restricției: nu este nimic de hotărât.",
    en: "The patient has not asked for a review of the block: there is nothing to decide.",
  },
  "FORBIDDEN review_by_another": {
    ro: "Cererea pacientului o verifică altcineva decât cine a pus restricția. Rugați un coleg sau ridicați restricția.",
    en: "Somebody other than who blocked looks at what the patient says. Ask a colleague, or lift the block.",
  },
  "NOT_FOUND patient_requirement_not_found": {
    ro: "Cerința nu există sau nu aveți acces la ea. Reîncărcați pagina.",
    en: "There is no such requirement, or it is not yours to see. Reload the page.",
  },
  "STATE patient_requirement_over": {
    ro: "Cerința a fost deja îndeplinită sau ridicată. Reîncărcați pagina.",
    en: "What was asked is done or was lifted already. Reload the page.",
  },
} as const satisfies Texts;
