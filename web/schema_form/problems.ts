import { refusalOf } from "../../client/index.ts";
import type { Choice } from "./schema.ts";

/** What the API found wrong: where, why, and what would be right. */
export type ProblemFound = { path: string; reason: string; details?: Record<string, unknown> };

/** The reasons of what does not fit a schema; of any other, that it is not right, with its code. */
const known = [
  "format_mismatch",
  "is_empty",
  "is_missing",
  "not_offered",
  "out_of_bounds",
  "property_unknown",
  "type_mismatch",
] as const;

/** Says a text, as `texts/schema_form/index.ts` has them in each language. */
type Say = (
  key: "problem" | "problem_between" | `problem_${(typeof known)[number]}`,
  values?: Record<string, string | number>,
) => string;

/** What is wrong in words, by path; the first one where several stand at a path. */
export function problemTexts(
  say: Say,
  found: readonly ProblemFound[],
  /** The reasons that a contract has words for. */
  reasons: readonly Choice[] = [],
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const problem of found) {
    const told = reasons.find(({ value }) => value === problem.reason);
    if (!texts.has(problem.path)) texts.set(problem.path, told ? `${told.label}.` : textOf(say, problem));
  }
  return texts;
}

function textOf(say: Say, { reason, details = {} }: ProblemFound): string {
  const { least, most } = details;
  if (reason === "out_of_bounds" && typeof least === "number" && typeof most === "number")
    return say("problem_between", { least, most });
  const word = known.find((one) => one === reason);
  return word ? say(`problem_${word}`) : say("problem", { code: reason });
}

/** What a refusal says is wrong: the fields of a VALIDATION, or the one that it names. */
export function problemsFound(error: unknown): ProblemFound[] {
  const refusal = refusalOf(error, "VALIDATION");
  if (!refusal) return [];
  const { fields, field } = refusal.details as { fields?: ProblemFound[]; field?: string };
  return fields ?? (field ? [{ path: `$.${field}`, reason: refusal.reason, details: refusal.details }] : []);
}
