import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Templates of documents, and the documents of appointments and signed forms. */
export const documentTexts = {
  "VALIDATION document_kind_unknown": {
    ro: "Acest fel de document nu există.",
    en: "There is no such kind of document.",
    details: field,
  },
  "VALIDATION template_not_published": {
    ro: "Șablonul de document nu este publicat sau nu este pentru acest fel de document.",
    en: "The template of the document is not published, or not meant for this kind of document.",
    details: field,
  },
  "VALIDATION not_a_file_of_the_appointment": {
    ro: "La document se pot adăuga cel mult 50 de fișiere verificate ale aceleiași programări.",
    en: "At most 50 checked files of the same appointment can go with a document.",
    details: field,
  },
  "IMMUTABLE document_is_issued": {
    ro: "Documentul este emis și nu se mai schimbă. Îl puteți înlocui cu altul.",
    en: "The document is issued and does not change any more. You can replace it by another one.",
    details: { documentId: "data" },
  },
  "STATE is_being_replaced": {
    ro: "Pentru acest document există deja o ciornă care îl înlocuiește.",
    en: "There is a draft already that replaces this document.",
    details: { documentId: "data" },
  },
  "STATE image_is_kept": {
    ro: "Imaginea apare într-un șablon de document și nu se poate șterge.",
    en: "The picture stands in a template of documents and cannot be deleted.",
  },
} as const satisfies Texts;
