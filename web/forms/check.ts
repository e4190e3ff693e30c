import type { Answer, Answers, Field } from "./content.ts";
import { entriesOf, isAnswered, type Shown } from "./visibility.ts";

/** What is wrong with an answer: where it stands, why, and the bound that it is beyond. */
export type Problem = { path: string; reason: string; bound?: number | string };

export function pathOf(outer: string, key: string): string {
  return outer === "" ? key : `${outer}.${key}`;
}
export function pathOfEntry(group: string, index: number): string {
  return `${group}[${index}]`;
}

/**
 * What somebody can be told before anything is sent: what is missing, and what is no number or too long. The database
 * decides about everything, and what it says stands beside this.
 */
export function problemsOf(shown: readonly Shown[], answers: Answers, outer = ""): Problem[] {
  return shown.flatMap(({ item, items, entries }): Problem[] => {
    const path = pathOf(outer, item.key);
    if (item.type === "statement") return [];
    if (item.type !== "group") return problemOf(item, answers[item.key], path);
    if (items) return problemsOf(items, answers, outer);
    const given = entriesOf(item, answers);
    return (entries ?? []).flatMap((one, index) =>
      problemsOf(one, given[index] ?? {}, pathOfEntry(path, index)),
    );
  });
}

function problemOf(field: Field, answer: Answer | undefined, path: string): Problem[] {
  if (!isAnswered(answer)) return field.required ? [{ path, reason: "required" }] : [];
  const found = beyond(field, answer);
  return found ? [{ path, ...found }] : [];
}

function beyond(field: Field, answer: Answer): Omit<Problem, "path"> | undefined {
  switch (field.type) {
    case "text":
    case "long_text":
      return outside(field.min_length, [...String(answer)].length, field.max_length, "too_short", "too_long");
    case "integer":
    case "number":
      if (typeof answer !== "number") return { reason: "not_a_number" };
      if (field.type === "integer" && !Number.isInteger(answer)) return { reason: "not_an_integer" };
      return outside(field.min, answer, field.max, "too_small", "too_large");
    case "date":
      return outside(field.min, String(answer), field.max, "too_early", "too_late");
    case "choices":
      return outside(field.min_chosen, (answer as string[]).length, field.max_chosen, "too_few", "too_many");
    default:
      return undefined;
  }
}

function outside<T extends number | string>(
  least: T | undefined,
  value: T,
  most: T | undefined,
  below: string,
  above: string,
): Omit<Problem, "path"> | undefined {
  if (least !== undefined && value < least) return { reason: below, bound: least };
  if (most !== undefined && value > most) return { reason: above, bound: most };
  return undefined;
}
