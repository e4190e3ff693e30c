import type { Answer, Answers, Condition, GroupItem, Item } from "./content.ts";

/** An item that is shown: with what is shown in it, and once more for each entry of a group that repeats. */
export type Shown = { item: Item; items?: Shown[]; entries?: Shown[][] };

/** Answers that conditions may look at: of fields that are shown and stand before. */
type Known = Map<string, Answer>;

/** What of a form is shown to whoever has given these answers. What is hidden counts as not answered. */
export function shownOf(items: readonly Item[], answers: Answers, known: Known = new Map()): Shown[] {
  return items.flatMap((item): Shown[] => {
    if (item.visible_if && !holds(item.visible_if, known)) return [];
    if (item.type === "group") {
      if (!item.repeat) return [{ item, items: shownOf(item.items, answers, known) }];
      return [
        {
          item,
          entries: entriesOf(item, answers).map((entry) => shownOf(item.items, entry, new Map(known))),
        },
      ];
    }
    const answer = answers[item.key];
    if (isAnswered(answer)) known.set(item.key, answer);
    return [{ item }];
  });
}

/** The entries of a group that repeats; as many as it wants at least are there from the beginning. */
export function entriesOf({ key, repeat }: GroupItem, answers: Answers): Answers[] {
  const given = answers[key];
  const entries = Array.isArray(given) ? (given as Answers[]) : [];
  const missing = Math.max(0, (repeat?.min ?? 0) - entries.length);
  return [...entries, ...Array.from({ length: missing }, () => ({}))];
}

export function isAnswered(answer: Answer | null | undefined): answer is Answer {
  if (answer === undefined || answer === null) return false;
  if (typeof answer === "string") return answer.trim() !== "";
  return Array.isArray(answer) ? answer.length > 0 : true;
}

export function holds(condition: Condition, known: ReadonlyMap<string, Answer>): boolean {
  if ("all" in condition) return condition.all.every((one) => holds(one, known));
  if ("any" in condition) return condition.any.some((one) => holds(one, known));
  if ("not" in condition) return !holds(condition.not, known);
  const { op, value } = condition;
  const answer = known.get(condition.field);
  switch (op) {
    case "answered":
      return answer !== undefined;
    case "not_answered":
      return answer === undefined;
    case "not_equals":
      return answer !== undefined && !isSame(answer, value);
    case "equals":
      return answer !== undefined && isSame(answer, value);
    case "in":
      return Array.isArray(value) && value.some((one) => isSame(answer, one));
    case "contains":
      return Array.isArray(answer)
        ? answer.some((one) => isSame(one, value))
        : typeof answer === "string" &&
            answer.includes(typeof value === "string" ? value : JSON.stringify(value));
    case "greater":
      return compare(answer, value, (order) => order > 0);
    case "less":
      return compare(answer, value, (order) => order < 0);
    case "at_least":
      return compare(answer, value, (order) => order >= 0);
    case "at_most":
      return compare(answer, value, (order) => order <= 0);
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Numbers by size, dates (written as they sort) by day; of anything else nothing is known. */
function compare(answer: unknown, value: unknown, fits: (order: number) => boolean): boolean {
  if (typeof answer === "number" && typeof value === "number") return fits(answer - value);
  if (typeof answer !== "string" || typeof value !== "string") return false;
  return fits(answer < value ? -1 : answer > value ? 1 : 0);
}
