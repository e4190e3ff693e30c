import type { Schema } from "../schema_form/schema.ts";

/** A text in both languages, a line or several; what is left empty in a language is not there in it. */
export function bothLanguages(
  words: { title: string; ro: string; description?: string; descriptionRo?: string },
  text: { maxLength: number; isLong?: boolean },
): Schema {
  const one = { type: "string", maxLength: text.maxLength, ...(text.isLong && { format: "multiline" }) };
  return {
    type: "object",
    title: words.title,
    "x-title-ro": words.ro,
    ...(words.description && { description: words.description }),
    ...(words.descriptionRo && { "x-description-ro": words.descriptionRo }),
    "x-order": ["ro", "en"],
    required: ["ro", "en"],
    properties: {
      ro: { ...one, title: "In Romanian", "x-title-ro": "În română" },
      en: { ...one, title: "In English", "x-title-ro": "În engleză" },
    },
  };
}

const choice = (title: string, ro: string, labels: Record<string, { ro: string; en: string }>): Schema => ({
  type: "string",
  title,
  "x-title-ro": ro,
  enum: Object.keys(labels),
  "x-labels": labels,
});

const several = (title: string, ro: string, list: string): Schema => ({
  type: "array",
  title,
  "x-title-ro": ro,
  items: { type: "string", "x-choices": list },
});

const lines = (title: string, ro: string, word: string, words: Schema): Schema => ({
  type: "array",
  title,
  "x-title-ro": ro,
  maxItems: 60,
  items: {
    type: "object",
    "x-order": [word, "text"],
    required: [word, "text"],
    properties: {
      [word]: words,
      text: bothLanguages({ title: "Text", ro: "Text" }, { maxLength: 1000, isLong: true }),
    },
  },
});

const kinds = {
  reps_based: { ro: "Se numără repetările", en: "Repetitions are counted" },
  duration_based: { ro: "Se ține un timp", en: "It is held for a time" },
};

const joints = {
  neck: { ro: "Gât", en: "Neck" },
  shoulder: { ro: "Umăr", en: "Shoulder" },
  elbow: { ro: "Cot", en: "Elbow" },
  wrist: { ro: "Încheietura mâinii", en: "Wrist" },
  hip: { ro: "Șold", en: "Hip" },
  knee: { ro: "Genunchi", en: "Knee" },
  ankle: { ro: "Gleznă", en: "Ankle" },
};

export const severities = {
  absolute: { ro: "Absolută: nu se face", en: "Absolute: not to be done" },
  relative: { ro: "Relativă: numai cu acordul specialistului", en: "Relative: only if a specialist says so" },
  caution: { ro: "Atenționare: se face cu grijă", en: "Caution: to be done with care" },
};

const instructionKinds = {
  setup: { ro: "Cum se începe", en: "How to begin" },
  step: { ro: "Ce se face", en: "What to do" },
  breathing: { ro: "Cum se respiră", en: "How to breathe" },
  caution: { ro: "La ce se are grijă", en: "What to take care of" },
  end: { ro: "Cum se încheie", en: "How to end" },
};

const difficulties = {
  1: { ro: "1, ușor", en: "1, easy" },
  2: { ro: "2", en: "2" },
  3: { ro: "3", en: "3" },
  4: { ro: "4", en: "4" },
  5: { ro: "5, greu", en: "5, hard" },
};

const tracking: Schema = {
  type: "object",
  title: "What the camera follows",
  "x-title-ro": "Ce urmărește camera",
  description: "What it measures is shown as information, and judges nothing.",
  "x-description-ro": "Ce măsoară se arată ca informație și nu judecă nimic.",
  "x-order": ["joints", "primary", "view", "minRange"],
  required: ["joints", "primary", "view", "minRange"],
  properties: {
    joints: {
      type: "array",
      title: "Joints",
      "x-title-ro": "Articulații",
      items: { type: "string", enum: Object.keys(joints), "x-labels": joints },
    },
    primary: choice("The joint that is measured", "Articulația măsurată", joints),
    view: choice("From where it is looked at", "De unde se privește", {
      front: { ro: "Din față", en: "From the front" },
      side: { ro: "Din lateral", en: "From the side" },
    }),
    minRange: {
      type: "integer",
      minimum: 1,
      maximum: 180,
      title: "From how many degrees on a movement counts",
      "x-title-ro": "De la câte grade se numără o mișcare",
    },
  },
};

/** What an exercise is, as it is written on the page: the verbs of the API take it in three parts (draft.ts). */
export function exerciseSchema(isNew: boolean): Schema {
  const order = [
    "name",
    "description",
    "difficulty",
    "terms",
    "tracking",
    "instructions",
    "contraindications",
  ];
  return {
    type: "object",
    "x-order": isNew ? ["slug", "kind", ...order] : order,
    required: ["slug", "kind", ...order.filter((one) => one !== "tracking")],
    properties: {
      slug: {
        type: "string",
        maxLength: 63,
        title: "Short name",
        "x-title-ro": "Nume scurt",
        description: "By which programs know it: small letters, digits and hyphens. It never changes.",
        "x-description-ro": "După care îl știu programele: litere mici, cifre și cratime. Nu se mai schimbă.",
      },
      kind: { ...choice("Kind", "Fel", kinds), default: "reps_based" },
      name: bothLanguages({ title: "Name", ro: "Nume" }, { maxLength: 120 }),
      description: bothLanguages(
        { title: "Description", ro: "Descriere" },
        { maxLength: 2000, isLong: true },
      ),
      difficulty: { ...choice("Difficulty", "Dificultate", difficulties), default: "1" },
      terms: {
        type: "object",
        title: "What it is ordered by",
        "x-title-ro": "După ce se ordonează",
        "x-order": ["category", "body_region", "equipment", "tag"],
        required: ["category", "body_region", "equipment", "tag"],
        properties: {
          category: several("Categories", "Categorii", "category"),
          body_region: several("Regions of the body", "Regiuni ale corpului", "body_region"),
          equipment: several("Equipment", "Echipament", "equipment"),
          tag: several("Tags", "Etichete", "tag"),
        },
      },
      tracking,
      instructions: lines(
        "Instructions, in order",
        "Instrucțiuni, în ordine",
        "kind",
        choice("What it says", "Ce spune", instructionKinds),
      ),
      contraindications: lines(
        "Contraindications",
        "Contraindicații",
        "severity",
        choice("How serious it is", "Cât de gravă este", severities),
      ),
    },
  };
}

const whole = (title: string, ro: string, minimum: number, maximum: number): Schema => ({
  type: "integer",
  title,
  "x-title-ro": ro,
  minimum,
  maximum,
});

/** What is prescribed of an exercise, and what its video shows. */
export const recipeSchema: Schema = {
  type: "object",
  title: "Prescription",
  "x-title-ro": "Prescripție",
  description: "Repetitions where they are counted, seconds where it is held.",
  "x-description-ro": "Repetări unde se numără, secunde unde se ține.",
  "x-order": ["sets", "reps", "seconds", "restSeconds", "side", "tempo"],
  required: ["sets", "restSeconds"],
  properties: {
    sets: whole("Sets", "Serii", 1, 20),
    reps: whole("Repetitions in a set", "Repetări într-o serie", 1, 100),
    seconds: whole("Seconds in a set", "Secunde într-o serie", 1, 3600),
    restSeconds: whole("Seconds of rest", "Secunde de pauză", 0, 600),
    side: choice("Side", "Partea", {
      left: { ro: "Stânga", en: "Left" },
      right: { ro: "Dreapta", en: "Right" },
      both: { ro: "Ambele deodată", en: "Both at once" },
      alternate: { ro: "Alternativ", en: "Alternating" },
    }),
    tempo: {
      type: "object",
      title: "Tempo, in seconds",
      "x-title-ro": "Tempo, în secunde",
      "x-order": ["up", "hold", "down"],
      required: ["up", "hold", "down"],
      properties: {
        up: whole("There", "Dus", 1, 30),
        hold: whole("Held", "Ținut", 0, 60),
        down: whole("Back", "Întors", 1, 30),
      },
    },
  },
};
