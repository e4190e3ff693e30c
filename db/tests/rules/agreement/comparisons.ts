// biome-ignore lint/suspicious/noExplicitAny: rows are read as they stand, and rules are JSON.
export type Any = any;

const day = 86_400_000;

export const plusDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function years(birth: string, today: string): number | null {
  if (birth > today) return null;
  const count = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? count - 1 : count;
}

export function daysToBirthday(birth: string, today: string): number | null {
  if (birth > today) return null;
  const year = Number(today.slice(0, 4));
  for (const at of [year, year + 1]) {
    const on = birth.slice(5) === "02-29" && !isLeap(at) ? `${at}-02-28` : `${at}${birth.slice(4)}`;
    if (on >= today) return (Date.parse(on) - Date.parse(today)) / day;
  }
  return null;
}

/** The texts of these worlds are Latin: letters without marks, apostrophes gone, everything else a space. */
const folded = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[\p{M}'`’]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const isDate = (value: Any) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);

export function compares(value: Any, operator: string, operand: Any, today: string): boolean {
  if (operator === "is_set") return value !== null;
  if (operator === "is_not_set") return value === null;
  if (value === null) return false;
  const isText = typeof value === "string" && !isDate(value);
  const fold = (one: Any) => (typeof one === "string" && isText ? folded(one) : one);
  const it = fold(value);
  const to = Array.isArray(operand) ? operand.map(fold) : fold(operand);
  switch (operator) {
    case "is":
      return it === to;
    case "is_not":
      return it !== to;
    case "contains":
      return it.includes(to);
    case "contains_not":
      return !it.includes(to);
    case "starts_with":
      return it.startsWith(to);
    case "one_of":
      return to.includes(it);
    case "none_of":
      return !to.includes(it);
    case "greater":
    case "after":
      return it > to;
    case "at_least":
    case "since":
      return it >= to;
    case "less":
    case "before":
      return it < to;
    case "at_most":
    case "until":
      return it <= to;
    case "between":
      return it >= to[0] && it <= to[1];
    case "last_days":
      return it >= plusDays(today, -to) && it <= today;
    case "more_days_ago":
      return it < plusDays(today, -to);
    case "next_days":
      return it >= today && it <= plusDays(today, to);
    case "includes":
      return value.includes(operand);
    case "includes_not":
      return !value.includes(operand);
    case "includes_any":
      return operand.some((one: Any) => value.includes(one));
    case "includes_all":
      return operand.every((one: Any) => value.includes(one));
    default:
      throw new Error(`no operator ${operator}`);
  }
}
