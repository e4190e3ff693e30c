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
      templateId: "text?",
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
  "STATE birth_date_unknown": {
    ro:
      "Sub {years, plural, one {un an} few {# ani} other {# de ani}} un părinte sau un tutore consimte la tratament, iar data nașterii " +
      "pacientului nu este cunoscută. Completați-o în fișa pacientului, apoi semnați din nou.",
    en:
      "Under {years, plural, one {one year} other {# years}} a parent or guardian consents to treatment, and nobody knows when " +
      "this patient was born. Write the date of birth into the patient's profile, then sign again.",
    details: { years: "number" },
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
  "STATE consent_not_withdrawable": {
    ro:
      "Acesta nu se retrage: nu stă pe acord, ci pe {legalBasis, select, legal_obligation {o obligație legală} " +
      "legitimate_interest {un interes legitim} other {un contract}}. Pentru întrebări, scrieți clinicii.",
    en:
      "This is not withdrawn: it does not rest on consent, but on {legalBasis, select, legal_obligation {a legal " +
      "obligation} legitimate_interest {a legitimate interest} other {a contract}}. Write to the clinic if you have questions.",
    details: { purpose: "text", legalBasis: "text" },
  },
  "STATE consent_needs_form": {
    ro: "Acordul pentru tratament se dă semnând formularul clinicii. Cereți-l clinicii.",
    en: "Consent to treatment is given by signing the clinic's form. Ask the clinic for it.",
  },
  "CONFLICT consent_version_outdated": {
    ro: "Textul s-a schimbat între timp. Citiți-l pe cel nou, apoi răspundeți.",
    en: "The text has changed meanwhile. Read the new one, then answer.",
    details: { versionId: "text?" },
  },
  "CONFLICT consent_stands": {
    ro: "Pacientul a acceptat deja acest text. Înregistrați o retragere.",
    en: "The patient has accepted this text already. Record a withdrawal instead.",
    details: { field: "text" },
  },
  "VALIDATION consent_not_medical": {
    ro: "În urgențe se trece numai peste acorduri pentru tratament. Alegeți unul dintre acestea.",
    en: "An emergency overrides only consents to treatment. Choose one of these.",
    details: { field: "text" },
  },
  "VALIDATION consent_version_too_early": {
    ro: "Textul nou nu poate intra în vigoare înaintea celui dinainte sau în trecut. Alegeți un moment mai târziu.",
    en: "The new text cannot come into force before the last one, or in the past. Choose a later time.",
    details: { field: "text" },
  },
  "VALIDATION notice_has_a_template": {
    ro: "Nota de informare se publică din modelul ei. Folosiți pagina notei.",
    en: "The privacy notice is published from its template. Use publishPrivacyNotice.",
    details: { field: "text" },
  },
  "VALIDATION notice_section_unknown": {
    ro: "Modelul nu are secțiunea „{section}” ca opțiune. Alegeți dintre cele oferite.",
    en: 'The template has no optional section "{section}". Choose among those it offers.',
    details: { field: "text", section: "text" },
  },
  "STATE privacy_notice_is_draft": {
    ro: "Modelul notei de informare nu este încă confirmat de un jurist. Așteptați confirmarea.",
    en: "The template of the privacy notice is not confirmed by counsel yet. Wait for that.",
    details: { version: "number" },
  },
} as const satisfies Texts;
