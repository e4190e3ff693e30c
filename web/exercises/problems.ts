import { Refused } from "../../client/refused.ts";

/** What the paths of refusals are called in the form. */
const renamed: Record<string, string> = {
  translations: "name",
  "translations.name": "name",
  "translations.description": "description",
};

/**
 * What a refusal says is wrong, in the API's own words, at the path of the form: `contraindications.2.text` is
 * `$.contraindications[2].text`. Empty where it is about no field.
 */
export function problemsOf(error: unknown, within = "$"): Map<string, string> {
  if (!(error instanceof Refused)) return new Map();
  const { reason } = error.refusal;
  const { field, path } = (error.refusal.details ?? {}) as { field?: string; path?: string };
  const at = reason === "exercise_slug_taken" ? "slug" : (path ?? field);
  if (at === undefined) return new Map();
  const place = (renamed[at] ?? at).replace(/\.(\d+)(?=\.|$)/g, "[$1]");
  return new Map([[`${within}.${place}`, error.message]]);
}
