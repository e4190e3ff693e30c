import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** The library of exercises. */
export const exerciseTexts = {
  "VALIDATION exercise_texts_malformed": {
    ro: "Scrieți textul în română, în engleză sau în ambele, cu cel mult {most} de caractere.",
    en: "Write the text in Romanian, in English or in both, with at most {most} characters.",
    details: { ...field, most: "number" },
  },
  "VALIDATION exercise_lines_malformed": {
    ro: "Fiecare rând are un text și unul dintre cuvintele: {words}. Sunt cel mult 60 de rânduri.",
    en: "Each line has a text and one of the words: {words}. There are at most 60 lines.",
    details: { ...field, word: "data", words: "texts" },
  },
  "VALIDATION exercise_tracking_malformed": {
    ro: "Ce urmărește camera nu este scris cum trebuie: articulații, vederea (front sau side), articulația măsurată și unghiul minim.",
    en: "What the camera follows is not written as it should be: joints, the view (front or side), the joint that is measured and the least angle.",
    details: field,
  },
  "VALIDATION exercise_term_unknown": {
    ro: "Nu există categoria, regiunea, echipamentul sau eticheta {term}.",
    en: "There is no category, region, equipment or tag {term}.",
    details: { ...field, term: "text" },
  },
  "VALIDATION recipe_malformed": {
    ro: "Prescripția nu este scrisă cum trebuie: serii, repetări sau secunde, pauză, tempo și partea corpului.",
    en: "The prescription is not written as it should be: sets, repetitions or seconds, rest, tempo and side.",
    details: { field: "text", path: "text" },
  },
  "VALIDATION language_unknown": {
    ro: "Alegeți româna sau engleza.",
    en: "Choose Romanian or English.",
    details: field,
  },
  "VALIDATION video_source_elsewhere": {
    ro: "Videoclipul trebuie să se afle în dosarul {folder}, ca mp4, mov sau webm.",
    en: "The video must lie in the folder {folder}, as mp4, mov or webm.",
    details: { ...field, folder: "text" },
  },
  "CONFLICT exercise_slug_taken": {
    ro: "Există deja un exercițiu cu numele scurt {slug}. Alegeți altul.",
    en: "There is an exercise with the short name {slug} already. Choose another one.",
    details: { slug: "text" },
  },
  "CONFLICT exercise_in_use": {
    ro: "Exercițiul este în planuri în curs: {count}. Arhivați-l numai dacă sunteți de acord ca ele să îl păstreze.",
    en: "The exercise is in plans that go on: {count}. Archive it only if you agree that they keep it.",
    details: { count: "number" },
  },
  "STATE exercise_incomplete": {
    ro: "Exercițiul nu este complet. Lipsesc: {missing}.",
    en: "The exercise is not complete. It lacks: {missing}.",
    details: { missing: "texts" },
  },
  "STATE contraindication_is_published": {
    ro: "Contraindicațiile unui exercițiu publicat nu se scot și nu se schimbă. Luați mai întâi exercițiul înapoi în lucru.",
    en: "Contraindications of a published exercise are not taken out or changed. Take the exercise back to be worked on first.",
  },
  "STATE video_is_composed": {
    ro: "Videoclipurile acestui exercițiu se compun după prescripție și nu se importă.",
    en: "The videos of this exercise are composed for what is prescribed, and not imported.",
    details: { slug: "text" },
  },
  "STATE video_not_imported": {
    ro: "Videoclipul acestui exercițiu nu este importat încă. Importați-l mai întâi.",
    en: "The video of this exercise is not imported yet. Import it first.",
    details: { slug: "text" },
  },
  "NOT_FOUND exercise_video_not_found": {
    ro: "Aici nu este încă niciun videoclip de redat. Încercați din nou peste câteva minute.",
    en: "There is no video to be played here yet. Try again in a few minutes.",
  },
  "FORBIDDEN library_closed": {
    ro: "Biblioteca de exerciții nu vă este deschisă acum. Întrebați clinica ce abonament sau plan o deschide.",
    en: "The library of exercises is not open to you now. Ask the clinic which plan opens it.",
  },
} as const satisfies Texts;
