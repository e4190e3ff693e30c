import type { Texts } from "./text.ts";

/** What people are asked to accept, what they answered, and what is refused without it. */
export const consentTexts = {
  "CONSENT_REQUIRED consent_missing": {
    ro:
      "Lipsește acordul pacientului ({purpose}{version, select, none {} other {, versiunea {version}}}). " +
      "{resolvedBy, select, form {Rugați pacientul să semneze formularul clinicii.} " +
      "other {Pacientul îl poate da în pagina acordurilor sale.}}",
    en:
      "The patient's consent is missing ({purpose}{version, select, none {} other {, version {version}}}). " +
      "{resolvedBy, select, form {Ask the patient to sign the clinic's form.} " +
      "other {The patient can give it on the page of their consents.}}",
    details: {
      purpose: "text",
      version: "number?",
      versionId: "text?",
      why: "text",
      resolvedBy: "text",
    },
  },
  "NOT_FOUND consent_purpose_not_found": {
    ro: "Nu există un astfel de acord. Reîncărcați pagina.",
    en: "There is nothing of that name to consent to. Reload the page.",
    details: { purpose: "text?" },
  },
  "VALIDATION consent_version_unknown": {
    ro: "Formularul declară un acord pe care clinica nu îl are. Alegeți altul.",
    en: "The form declares a consent that the clinic does not have. Choose another.",
    details: { field: "text", versionId: "text" },
  },
  "FORBIDDEN representative_needed": {
    ro:
      "Sub {years, plural, one {un an} few {# ani} other {# de ani}} un părinte sau un tutore consimte la tratament. " +
      "Rugați-l să semneze.",
    en: "Under {years, plural, one {one year} other {# years}} a parent or guardian consents to treatment. Ask them to sign.",
    details: { years: "number" },
  },
  "FORBIDDEN representative_may_not": {
    ro: "La tratament consimte pacientul însuși, părintele unui minor sau tutorele. Rugați persoana potrivită.",
    en: "The patient, a minor's parent or a guardian consents to treatment. Ask the right person.",
  },
  "IMMUTABLE consent_version_is_immutable": {
    ro: "Un text publicat nu se mai schimbă. Publicați o versiune nouă.",
    en: "A published text is never changed. Publish a new version.",
  },
  "IMMUTABLE consent_is_immutable": {
    ro: "Un acord înregistrat nu se mai schimbă. Retrageți-l sau înregistrați altul.",
    en: "A recorded consent is never changed. Withdraw it, or record another.",
  },
} as const satisfies Texts;
