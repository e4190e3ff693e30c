import type { Texts } from "./text.ts";

/** Forms, their templates and the clinic's own fields. */
export const formTexts = {
  "VALIDATION answers_not_valid": {
    ro:
      "{count, plural, one {Un răspuns lipsește sau nu este bun} few {# răspunsuri lipsesc sau nu sunt bune} " +
      "other {# de răspunsuri lipsesc sau nu sunt bune}}. Corectați ce este marcat.",
    en: "{count, plural, one {One answer is missing or not right} other {# answers are missing or not right}}. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
  "VALIDATION content_not_valid": {
    ro:
      "{count, plural, one {Un loc din șablon nu este bun} few {# locuri din șablon nu sunt bune} " +
      "other {# de locuri din șablon nu sunt bune}}. Corectați ce este marcat.",
    en: "{count, plural, one {One place in the template is not right} other {# places in the template are not right}}. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
  "VALIDATION definition_not_valid": {
    ro:
      "{count, plural, one {Un loc din definiția câmpului nu este bun} few {# locuri din definiția câmpului nu sunt bune} " +
      "other {# de locuri din definiția câmpului nu sunt bune}}. Corectați ce este marcat.",
    en:
      "{count, plural, one {One place in the definition of the field is not right} " +
      "other {# places in the definition of the field are not right}}. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
  "VALIDATION value_not_valid": {
    ro:
      "{count, plural, one {Valoarea nu este} few {# valori nu sunt} other {# de valori nu sunt}} de felul pe care îl cere câmpul. " +
      "Corectați ce este marcat.",
    en: "{count, plural, one {The value is} other {# values are}} not what the field asks for. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
  "VALIDATION purposes_are_signed": {
    ro: "Consimțămintele se dau prin semnătură. Alegeți cum se semnează formularul sau scoateți scopurile.",
    en: "Consents are given by a signature. Choose how the form is signed, or take the purposes out.",
    details: { field: "text" },
  },
  "VALIDATION answer_not_taken_there": {
    ro: "Răspunsul din formular nu poate sta acolo. Scrieți valoarea de mână sau păstrați ce este.",
    en: "The answer of the form cannot stand there. Write the value by hand, or keep what is there.",
    details: { field: "text" },
  },
  "IMMUTABLE never_changed": {
    ro: "Ce s-a publicat, s-a întrebat sau s-a calculat nu se mai schimbă. Faceți o versiune sau un formular nou.",
    en: "What was published, asked or computed is never changed. Make a new version or a new form.",
    details: { entity: "text" },
  },
  "IMMUTABLE form_is_signed": {
    ro: "Formularul este semnat și nu se mai schimbă. Pentru o corectură se face un formular nou, care îl corectează pe acesta.",
    en: "The form is signed and is never changed. For a correction, make a new form that amends it.",
    details: { formId: "data" },
  },
  "STATE form_is_cancelled": {
    ro: "Clinica a anulat acest formular. Cereți altul.",
    en: "The clinic has cancelled this form. Ask for another one.",
    details: { formId: "data" },
  },
  "IMMUTABLE form_is_completed": {
    ro: "Formularul este completat. Redeschideți-l ca să schimbați ceva.",
    en: "The form is complete. Reopen it to change something.",
    details: { formId: "data" },
  },
  "IMMUTABLE key_stays": {
    ro: "Cheia nu se mai schimbă, fiindcă programele o cunosc. Faceți altul nou.",
    en: "The key stays as it is, since programs know it. Make a new one.",
    details: { field: "text" },
  },
  "CONFLICT field_type_changed": {
    ro: "Câmpul {key} a fost publicat cu tipul {from} și nu poate deveni {to}. Dați câmpului nou altă cheie.",
    en: "The field {key} was published with the type {from} and cannot become {to}. Give the new field another key.",
    details: { key: "text", from: "text", to: "text" },
  },
  "CONFLICT field_not_published": {
    ro: "Câmpul {key} nu este publicat. Publicați-l mai întâi.",
    en: "The field {key} is not published. Publish it first.",
    details: { key: "text" },
  },
  "CONFLICT custom_field_unknown": {
    ro: "Clinica nu are un câmp publicat {customField} de tipul {type} pentru pacienți, pe care îl cere {key}. Publicați-l mai întâi.",
    en: "The clinic has no published field {customField} of the type {type} for patients, which {key} asks for. Publish it first.",
    details: { key: "text", customField: "text", type: "text" },
  },
  "NOT_FOUND form_not_found": {
    ro: "Formularul nu există sau nu vi se arată dumneavoastră. Verificați legătura.",
    en: "There is no such form, or it is not yours to see. Check the link.",
  },
  "NOT_FOUND form_template_not_found": {
    ro: "Clinica nu are un asemenea formular publicat. Publicați-l mai întâi.",
    en: "The clinic has no such published template. Publish it first.",
  },
  "STATE only_signed_forms_are_amended": {
    ro: "Se corectează printr-un formular nou numai ce este semnat. Pe acesta îl puteți redeschide.",
    en: "Only what is signed is corrected by a new form. Reopen this one instead.",
    details: { formId: "data", status: "text" },
  },
  "STATE write_back_is_decided": {
    ro: "S-a hotărât deja ce rămâne scris. Încărcați din nou lista.",
    en: "It was decided already what stands. Load the list again.",
  },
  "FORBIDDEN profile_is_the_persons": {
    ro: "Persoana are cont și își păstrează singură datele. Rugați-o să le schimbe.",
    en: "The person has an account and keeps these data. Ask them to change it.",
  },
} as const satisfies Texts;
