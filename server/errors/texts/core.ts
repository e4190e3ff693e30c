import type { Texts } from "./text.ts";

const move = { entity: "text", from: "text", to: "text" } as const;
const field = { field: "text" } as const;

/** What any table and any verb may refuse. */
export const coreTexts = {
  "FORBIDDEN move_not_allowed": {
    ro: "Nu aveți dreptul la acest pas. Adresați-vă cuiva din clinică ce îl poate face.",
    en: "You may not take this step. Ask someone at the clinic who may.",
    details: move,
  },
  "FORBIDDEN superadmin_only": {
    ro: "Numai administratorii platformei pot face acest lucru. Adresați-vă lor.",
    en: "Only the administrators of the platform do this. Ask them.",
  },
  "FORBIDDEN not_allowed": {
    ro: "Nu aveți dreptul să faceți acest lucru. Adresați-vă unui administrator al clinicii.",
    en: "You may not do this. Ask an administrator of your clinic.",
  },
  "STATE illegal_move": {
    ro: "Din starea de acum nu se poate trece la acest pas. Reîncărcați pagina pentru a vedea ce s-a schimbat.",
    en: "This step is not possible from the present state. Reload the page to see what has changed.",
    details: { ...move, legal: "texts" },
  },
  "STATE too_early": {
    ro: "Este prea devreme: se poate începând de {notBefore}. Reveniți atunci.",
    en: "It is too early: this is possible from {notBefore} on. Come back then.",
    details: { ...move, notBefore: "instant", timezone: "timezone" },
  },
  "VALIDATION reason_missing": {
    ro: "Scrieți de ce, pe un rând, în 3 până la 500 de caractere.",
    en: "Say why, on one line, in 3 to 500 characters.",
    details: field,
  },
  "NOT_FOUND not_found": {
    ro: "Acest lucru nu există sau nu aveți acces la el. Verificați ce ați ales și reîncărcați pagina.",
    en: "There is no such thing, or it is not yours to see or change. Check what you chose and reload the page.",
    details: { field: "text?" },
  },
  "CONFLICT belongs_to_something_deleted": {
    ro: "Face parte din ceva șters. Restaurați mai întâi acel lucru.",
    en: "It belongs to something that is deleted. Restore that first.",
    details: { entity: "text" },
  },
  "VALIDATION entity_unknown": {
    ro: "Nu există un asemenea fel de obiecte. Alegeți unul dintre cele din deletedRows: services, calendars și altele.",
    en: "There is no such kind of thing. Name one as deletedRows does: services, calendars and others.",
    details: field,
  },

  "IMMUTABLE audit_is_append_only": {
    ro: "Jurnalul de audit nu se schimbă și nu se șterge. Adăugați o înregistrare nouă.",
    en: "Audit entries are never changed or removed. Add a new one.",
  },
  "VALIDATION nothing_named": {
    ro: "Indicați o persoană sau un tabel și un rând.",
    en: "Name a person, or a table and a row.",
  },

  "IMMUTABLE event_is_immutable": {
    ro: "Ce s-a întâmplat rămâne scris. Publicați un eveniment nou.",
    en: "What happened stays. Publish another event.",
  },
  "VALIDATION event_name_unknown": {
    ro: "Evenimentul {name} nu există. Alegeți unul din event_types.",
    en: "There is no event {name}. Choose one of event_types.",
    details: { name: "text" },
  },
  "VALIDATION event_payload_off_schema": {
    ro: "Conținutul evenimentului {name} nu respectă schema, la {path}. Corectați-l după event_types.",
    en: "The payload of {name} does not fit its schema, at {path}. Write it as event_types says.",
    details: { name: "text", version: "number", path: "text" },
  },
  "NOT_FOUND webhook_not_found": {
    ro: "Un asemenea eveniment nu a sosit sau urma lui a fost ștearsă. Verificați identificatorul.",
    en: "No such event came, or its trace has been deleted. Check its id.",
  },
  "GONE webhook_body_purged": {
    ro: "Conținutul livrării a fost șters. Cereți furnizorului să o trimită din nou.",
    en: "What the delivery said has been deleted. Let the vendor send it again.",
  },
  "CONFLICT event_id_reused": {
    ro: "Evenimentul a mai fost primit, cu alt conținut. Trimiteți-l cu un identificator nou.",
    en: "This event was received before with other content. Send it with an id of its own.",
  },

  "IDEMPOTENCY_MISMATCH idempotency_key_reused": {
    ro: "Cheia a mai fost trimisă, cu alte date. Pentru o cerere nouă folosiți o cheie nouă.",
    en: "This key was sent before with other values. Take a new key for a new request.",
    details: { header: "text" },
  },
  "NOT_FOUND dead_letter_not_found": {
    ro: "Nu mai există o sarcină eșuată cu acest identificator; poate a rezolvat-o altcineva. Reîncărcați lista.",
    en: "There is no dead job with this id: somebody may have been faster. Reload the list.",
  },
  "CONFLICT data_key_not_in_use": {
    ro: "Cheia de criptare s-a schimbat chiar acum. Încercați din nou.",
    en: "The data key was changed at this moment. Try again.",
    details: { version: "number" },
  },
} as const satisfies Texts;
