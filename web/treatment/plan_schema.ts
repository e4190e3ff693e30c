import { bothLanguages, recipeSchema } from "../exercises/schema.ts";
import type { Schema } from "../schema_form/schema.ts";

/** A treatment plan as it is written on the page: draftTreatmentPlan and editTreatmentPlan take it. */
export const planSchema: Schema = {
  type: "object",
  "x-order": ["name", "description", "sessions"],
  required: ["name", "sessions"],
  properties: {
    name: { type: "string", maxLength: 120, title: "Name of the plan", "x-title-ro": "Numele planului" },
    description: {
      type: "string",
      maxLength: 2000,
      format: "multiline",
      title: "What it is for",
      "x-title-ro": "Pentru ce este",
    },
    sessions: {
      type: "array",
      title: "Sessions, in order",
      "x-title-ro": "Ședințe, în ordine",
      maxItems: 100,
      items: {
        type: "object",
        "x-order": ["title", "place", "afterDays", "exercises"],
        required: ["title", "place", "afterDays", "exercises"],
        properties: {
          title: bothLanguages(
            { title: "What patients read above it", ro: "Ce citesc pacienții deasupra" },
            { maxLength: 120 },
          ),
          place: {
            type: "string",
            title: "Where it takes place",
            "x-title-ro": "Unde are loc",
            enum: ["home", "clinic"],
            "x-labels": {
              home: { ro: "Acasă", en: "At home" },
              clinic: { ro: "La clinică", en: "In the clinic" },
            },
            default: "home",
          },
          afterDays: {
            type: "integer",
            minimum: 0,
            maximum: 366,
            title: "Days after the session before",
            "x-title-ro": "Zile după ședința dinainte",
          },
          exercises: {
            type: "array",
            title: "Exercises, in order",
            "x-title-ro": "Exerciții, în ordine",
            maxItems: 50,
            items: {
              type: "object",
              "x-order": ["exerciseId", "prescription"],
              required: ["exerciseId", "prescription"],
              properties: {
                exerciseId: {
                  type: "string",
                  title: "Exercise",
                  "x-title-ro": "Exercițiu",
                  "x-choices": "exercises",
                },
                prescription: recipeSchema,
              },
            },
          },
        },
      },
    },
  },
};

/** As one of the platform's begins: what programs know it by is said once. */
export const platformPlanSchema: Schema = {
  ...planSchema,
  "x-order": ["slug", ...(planSchema["x-order"] ?? [])],
  required: ["slug", ...(planSchema.required ?? [])],
  properties: {
    slug: {
      type: "string",
      maxLength: 60,
      title: "Short name",
      "x-title-ro": "Nume scurt",
      description: "Lower-case letters, digits and hyphens. It stays.",
      "x-description-ro": "Litere mici, cifre și cratime. Rămâne așa.",
    },
    ...planSchema.properties,
  },
};
