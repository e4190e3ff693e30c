/** What stands around a block: the document's data, the row of a collection inside of it, and the page where that is known. */
export type Scope = {
  data: Record<string, unknown>;
  item?: unknown;
  page?: { number: number; count: number } | undefined;
};

/** The value of a field by its dotted code; a code that leads nowhere is null. */
export function lookUp(code: string, { data, item, page }: Scope): unknown {
  const steps = code.split(".");
  if (steps[0] === "page") return (steps[1] === "count" ? page?.count : page?.number) ?? null;
  let value: unknown = { ...data, item };
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return value ?? null;
}

/** The rows of a collection; what is none has no rows. */
export function rowsOf(code: string, scope: Scope): unknown[] {
  const rows = lookUp(code, scope);
  return Array.isArray(rows) ? rows : [];
}

/** Whether a condition holds. What is missing matches nothing but is_empty. Instants are compared by their day, in this zone. */
export function holds(
  { field, operator, value }: { field: string; operator: string; value?: unknown },
  scope: Scope,
  timezone: string,
): boolean {
  const found = lookUp(field, scope);
  const isEmpty = found === null || found === "" || (Array.isArray(found) && found.length === 0);
  if (operator === "is_empty") return isEmpty;
  const test = operators[operator];
  if (!test) throw new UnknownOperator(operator);
  return (
    !isEmpty &&
    test(typeof found === "string" && INSTANT.test(found) ? localDay(found, timezone) : found, value)
  );
}

export class UnknownOperator extends Error {
  override name = "UnknownOperator";
}

const operators: Record<string, (found: unknown, value: unknown) => boolean> = {
  is_filled: () => true,
  equals: (found, value) => plain(found) === plain(value),
  not_equals: (found, value) => plain(found) !== plain(value),
  contains: (found, value) => plain(found).includes(plain(value)),
  less: (found, value) => compare(found, value) < 0,
  greater: (found, value) => compare(found, value) > 0,
  at_most: (found, value) => compare(found, value) <= 0,
  at_least: (found, value) => compare(found, value) >= 0,
};

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

function localDay(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone }).format(new Date(instant));
}

/** Text without case and diacritics, as the rule language compares it. */
function plain(value: unknown): string {
  return String(value).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Numbers as numbers, days by their text; NaN, which no comparison holds for, where they are not alike. */
function compare(found: unknown, value: unknown): number {
  if (typeof found === "number" && typeof value === "number") return found - value;
  if (typeof found !== "string" || typeof value !== "string") return Number.NaN;
  return found < value ? -1 : Number(found > value);
}
