import type { Texts } from "./text.ts";

/** Documents as they are rendered: previews, and why some are not made. */
export const renderingTexts = {
  "UNAVAILABLE previews_busy": {
    ro: "Se fac deja alte previzualizări. Încercați din nou peste câteva secunde.",
    en: "Other previews are being made. Try again in a few seconds.",
  },
  "VALIDATION document_not_renderable": {
    ro: "Din acest șablon nu se poate face un document: {rule}.",
    en: "No document can be made of this template: {rule}.",
    details: { field: "text", rule: "text" },
  },
} satisfies Texts;
