import type { Texts } from "./text.ts";

/** Segments: groups of patients by a rule or by hand. */
export const segmentTexts = {
  "NOT_FOUND segment_not_found": {
    ro: "Segmentul nu a fost găsit.",
    en: "The segment was not found.",
  },
  "NOT_FOUND not_in_segment": {
    ro: "Pacientul nu a fost în acest segment.",
    en: "The patient was not in this segment.",
  },
  "VALIDATION segment_is_a_list": {
    ro: "O listă nu are regulă: pacienții se adaugă în ea.",
    en: "A list has no rule: patients are put into it.",
    details: { field: "text" },
  },
  "VALIDATION segment_is_not_a_list": {
    ro: "Segmentul are o regulă: pacienții nu se adaugă și nu se scot manual.",
    en: "The segment has a rule: patients are not put into it or taken out by hand.",
    details: { field: "text" },
  },
  "VALIDATION segment_names_itself": {
    ro: "Regula duce înapoi la segmentul ei. Scoateți segmentul care îl numește.",
    en: "The rule leads back to its own segment. Take out the segment that names it.",
    details: { field: "text" },
  },
  "CONFLICT segment_is_named": {
    ro: "{count, plural, one {Altceva folosește segmentul} few {# lucruri folosesc segmentul} other {# de lucruri folosesc segmentul}}. Scoateți-l întâi de acolo.",
    en: "{count, plural, one {Something else uses the segment} other {# things use the segment}}. Take it out there first.",
    details: { count: "number", by: "data" },
  },
} satisfies Texts;
