/**
 * What is wrong with the answers to a form, written a second time and in another way than in SQL: from the description of
 * the format alone, field by field with tables of rules, and not in the order of the database's loops. FRM-04.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Fields = { [key: string]: Json };
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: string; value?: Json };
export type Item = {
  key: string;
  type: string;
  required?: boolean;
  visible_if?: Condition;
  items?: Item[];
  repeat?: { min?: number; max?: number };
  options?: { value: string }[];
  min?: number | string;
  max?: number | string;
  min_length?: number;
  max_length?: number;
  min_chosen?: number;
  max_chosen?: number;
  max_files?: number;
};

/** What is left of the answers, and `path reason` of each problem, sorted. */
export type Verdict = { kept: Fields; problems: string[] };

export function judge(items: Item[], answers: Json, complete: boolean): Verdict {
  if (!isFields(answers)) return { kept: {}, problems: [" not_an_object"] };
  const problems: string[] = [];
  const kept = level(items, answers, new Map(), "", complete, problems);
  return { kept, problems: problems.sort() };
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of a level in their order, those of plain groups among them, each with every condition above it. */
function flat(items: Item[], above: Condition[] = []): { item: Item; conditions: Condition[] }[] {
  return items.flatMap((item) => {
    const conditions = item.visible_if ? [...above, item.visible_if] : above;
    if (item.type === "statement") return [];
    return item.type === "group" && !item.repeat
      ? flat(item.items ?? [], conditions)
      : [{ item, conditions }];
  });
}

function level(
  items: Item[],
  answers: Fields,
  outside: ReadonlyMap<string, Json>,
  prefix: string,
  complete: boolean,
  problems: string[],
): Fields {
  const fields = flat(items);
  const asked = new Set(fields.map(({ item }) => item.key));
  for (const key of Object.keys(answers)) if (!asked.has(key)) problems.push(`${prefix}${key} unknown_key`);

  const known = new Map(outside);
  const kept: Fields = {};
  for (const { item, conditions } of fields) {
    const path = prefix + item.key;
    if (!conditions.every((condition) => holds(condition, known))) continue;
    const value = answers[item.key];
    if (item.type === "group") {
      const entries = entriesOf(item, value, known, path, complete, problems);
      if (entries) kept[item.key] = entries;
    } else if (isEmpty(value)) {
      if (complete && item.required) problems.push(`${path} required`);
    } else {
      const wrong = rules[item.type]?.find(([, breaks]) => breaks(value as Json, item));
      if (wrong) problems.push(`${path} ${wrong[0]}`);
      known.set(item.key, value as Json);
      kept[item.key] = value as Json;
    }
  }
  return kept;
}

function entriesOf(
  item: Item,
  value: Json | undefined,
  known: ReadonlyMap<string, Json>,
  path: string,
  complete: boolean,
  problems: string[],
): Json | undefined {
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    problems.push(`${path} not_a_list`);
    return value;
  }
  const entries = value ?? [];
  if (entries.length > (item.repeat?.max ?? 100)) {
    problems.push(`${path} too_many`);
    return entries;
  }
  if (complete && entries.length < (item.repeat?.min ?? 0)) problems.push(`${path} too_few`);
  if (entries.length === 0) return undefined;
  return entries.map((entry, place) => {
    if (isFields(entry))
      return level(item.items ?? [], entry, known, `${path}[${place}].`, complete, problems);
    problems.push(`${path}[${place}] not_an_object`);
    return entry;
  });
}

function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === "string" && /^[ \t\r\n]*$/.test(value)) ||
    (Array.isArray(value) && value.length === 0)
  );
}

function holds(condition: Condition, known: ReadonlyMap<string, Json>): boolean {
  if ("all" in condition) return !condition.all.some((part) => !holds(part, known));
  if ("any" in condition) return condition.any.some((part) => holds(part, known));
  if ("not" in condition) return !holds(condition.not, known);
  const answer = known.get(condition.field);
  if (condition.op === "not_answered") return answer === undefined;
  if (answer === undefined) return false;
  return condition.op === "answered" || (operators[condition.op]?.(answer, condition.value as Json) ?? false);
}

const same = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);
const ordered = (fits: (order: number) => boolean) => (answer: Json, value: Json) => {
  if (typeof answer === "number" && typeof value === "number") return fits(Math.sign(answer - value));
  if (typeof answer === "string" && typeof value === "string")
    return fits(Buffer.compare(Buffer.from(answer), Buffer.from(value)));
  return false;
};
const operators: Record<string, (answer: Json, value: Json) => boolean> = {
  equals: same,
  not_equals: (answer, value) => !same(answer, value),
  in: (answer, value) => Array.isArray(value) && value.some((one) => same(one, answer)),
  contains: (answer, value) =>
    Array.isArray(answer)
      ? answer.some((one) => same(one, value))
      : typeof answer === "string" && answer.includes(String(value)),
  greater: ordered((order) => order > 0),
  less: ordered((order) => order < 0),
  at_least: ordered((order) => order >= 0),
  at_most: ordered((order) => order <= 0),
};

type Rule = [reason: string, breaks: (value: never, item: Item) => boolean];
/** Each type with its reasons in the order in which they count; the earlier make the later safe to ask. */
const rules: Record<string, [string, (value: Json, item: Item) => boolean][]> = (() => {
  const long = (text: string) => [...text].length;
  const text: Rule[] = [
    ["not_a_text", (value: Json) => typeof value !== "string"],
    ["too_long", (value: string, item) => long(value) > (item.max_length ?? 10_000)],
    ["too_short", (value: string, item) => long(value) < (item.min_length ?? 0)],
  ];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a line may not hold
  const line: Rule = ["not_one_line", (value: string) => /[\u0001-\u001f\u007f]/.test(value)];
  const number: Rule[] = [
    ["not_a_number", (value: Json) => typeof value !== "number"],
    ["too_large", (value: number, item) => value > ((item.max as number) ?? 1e15)],
    ["too_small", (value: number, item) => value < ((item.min as number) ?? -1e15)],
  ];
  const whole: Rule = ["not_an_integer", (value: number) => !Number.isInteger(value)];
  const list: Rule[] = [
    ["not_a_list", (value: Json) => !Array.isArray(value)],
    ["not_a_text", (value: Json[]) => value.some((one) => typeof one !== "string")],
  ];
  const twice: Rule = ["chosen_twice", (value: Json[]) => new Set(value).size < value.length];
  const offered = (item: Item, one: Json) => !!item.options?.some(({ value }) => value === one);
  const written: Record<string, Rule[]> = {
    text: [...text, line],
    long_text: text,
    email: [
      ...text,
      line,
      [
        "not_an_email",
        (value: string) => {
          const [local = "", domain = "", more] = value.split("@");
          const labels = domain.split(".");
          return !(
            more === undefined &&
            value.length <= 254 &&
            /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local) &&
            labels.length > 1 &&
            labels.every((label) => /^[a-z0-9-]+$/i.test(label) && !/^-|-$/.test(label))
          );
        },
      ],
    ],
    phone: [
      ...text,
      line,
      [
        "not_a_phone",
        (value: string) => {
          const rest = value.startsWith("+") ? value.slice(1) : value;
          const digits = rest.replaceAll(/\D/g, "").length;
          return rest.length < 6 || rest.length > 30 || /[^0-9 ().-]/.test(rest) || digits < 6 || digits > 15;
        },
      ],
    ],
    integer: [...number, whole],
    number,
    scale: [...number, whole],
    boolean: [["not_a_boolean", (value: Json) => typeof value !== "boolean"]],
    date: [
      ["not_a_date", (value: Json) => typeof value !== "string" || !isDay(value)],
      ["too_late", (value: string, item) => item.max !== undefined && value > String(item.max)],
      ["too_early", (value: string, item) => item.min !== undefined && value < String(item.min)],
    ],
    choice: [
      ["not_a_text", (value: Json) => typeof value !== "string"],
      ["not_offered", (value: string, item) => !offered(item, value)],
    ],
    choices: [
      ...list,
      ["too_many", (value: Json[], item) => value.length > (item.max_chosen ?? Number.POSITIVE_INFINITY)],
      ["too_few", (value: Json[], item) => value.length < (item.min_chosen ?? 0)],
      twice,
      ["not_offered", (value: Json[], item) => value.some((one) => !offered(item, one))],
    ],
    file: [
      ...list,
      ["too_many", (value: Json[], item) => value.length > (item.max_files ?? 1)],
      twice,
      [
        "not_a_file",
        (value: string[]) => value.some((one) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one)),
      ],
    ],
  };
  return written as never;
})();

/** A day of the calendar; the year 0 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith("0000")) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}
