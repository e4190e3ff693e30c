import type { Random } from "../../../seed/random.ts";
import type { Condition, Fields, Item, Json } from "./independent.ts";

type Declared = { item: Item; depth: number; closed: boolean };

const types =
  "text long_text email phone integer number scale boolean date choice choices file statement group".split(
    " ",
  );
const operators = "equals not_equals in contains greater less at_least at_most answered not_answered".split(
  " ",
);

/** A template that the database takes: every type, conditions five deep, groups in groups, entries that repeat. */
export function randomItems(random: Random): Item[] {
  let count = 0;
  const walk = (depth: number, repeats: number, declared: Declared[]): Item[] =>
    Array.from({ length: random.whole(1, depth === 0 ? 9 : 4) }, () => {
      const type = random.pick(depth >= 2 ? types.filter((one) => one !== "group") : types);
      count += 1;
      const item = { key: `f${count}`, type, label: { ro: `Întrebarea ${count} <b>` } } as Item;
      if (type !== "statement" && type !== "group" && random.chance(0.5)) item.required = random.chance(0.8);
      // What stands in entries that repeat elsewhere is not seen from here.
      const seen = declared.filter((one) => !one.closed);
      if (seen.length > 0 && random.chance(0.4)) item.visible_if = condition(random, seen, 1);
      Object.assign(item, bounds(random, type));
      if (type === "group") {
        const before = declared.length;
        if (random.chance(0.5)) {
          item.repeat = random.chance(0.2) ? {} : { min: random.whole(0, 3), max: random.whole(2, 5) };
          item.items = walk(depth + 1, repeats + 1, declared);
          for (const inner of declared.slice(before)) inner.closed = true;
        } else {
          item.items = walk(depth + 1, repeats, declared);
        }
      } else if (type !== "statement") declared.push({ item, depth: repeats, closed: false });
      return item;
    });
  return walk(0, 0, []);
}

function bounds(random: Random, type: string): object {
  const some = <T>(value: T) => (random.chance(0.6) ? value : undefined);
  const found: Record<string, object> = {
    text: { min_length: some(random.whole(0, 4)), max_length: some(random.whole(4, 12)) },
    long_text: { min_length: some(random.whole(0, 4)), max_length: some(random.whole(4, 40)) },
    integer: { min: some(random.whole(-5, 3)), max: some(random.whole(3, 9)) },
    number: { min: some(random.whole(-50, 30) / 10), max: some(random.whole(30, 90) / 10) },
    scale: { min: random.whole(0, 2), max: random.whole(2, 11) },
    date: { min: some("2024-02-29"), max: some("2026-12-31") },
    choice: { options: options(random) },
    choices: {
      options: options(random),
      min_chosen: some(random.whole(0, 2)),
      max_chosen: some(random.whole(2, 4)),
    },
    file: { max_files: some(random.whole(1, 4)) },
    statement: { text: { en: "Please read this." } },
  };
  return Object.fromEntries(Object.entries(found[type] ?? {}).filter(([, value]) => value !== undefined));
}

const values = ["a", "b", "c d", "ș", "<i>"];
const options = (random: Random) =>
  random
    .shuffle(values)
    .slice(0, random.whole(1, 5))
    .map((value) => ({ value, label: { ro: value } }));

function condition(random: Random, seen: Declared[], depth: number): Condition {
  if (depth < 5 && random.chance(0.35)) {
    const parts = () => Array.from({ length: random.whole(1, 4) }, () => condition(random, seen, depth + 1));
    return random.pick([
      () => ({ all: parts() }),
      () => ({ any: parts() }),
      () => ({ not: condition(random, seen, depth + 1) }),
    ])();
  }
  const { item } = random.pick(seen);
  const isNumber = /^(integer|number|scale)$/.test(item.type);
  const fitting = operators.filter(
    (op) => isNumber || item.type === "date" || !/^(greater|less|at_)/.test(op),
  );
  const op = random.pick(fitting);
  if (op.endsWith("answered")) return { field: item.key, op };
  const scalar = (): string | number | boolean => {
    if (isNumber) return random.whole(-3, 10);
    if (item.type === "boolean") return random.chance(0.5);
    return item.type === "date" ? random.pick(["2024-02-29", "2025-06-01"]) : random.pick(values);
  };
  if (op === "in") return { field: item.key, op, value: Array.from({ length: random.whole(1, 4) }, scalar) };
  return { field: item.key, op, value: op === "contains" ? String(scalar()) : scalar() };
}

/** Answers that are mostly what is asked, and now and then anything at all. */
export function randomAnswers(random: Random, items: Item[]): Fields {
  const answers: Fields = {};
  for (const item of items) {
    if (item.type === "statement") {
      if (random.chance(0.03)) answers[item.key] = "to a statement";
    } else if (item.type === "group" && !item.repeat) {
      Object.assign(answers, randomAnswers(random, item.items ?? []));
      if (random.chance(0.03)) answers[item.key] = {};
    } else if (random.chance(0.8)) {
      answers[item.key] = random.chance(0.08) ? anything(random) : answer(random, item);
    }
  }
  if (random.chance(0.08)) answers[random.pick(["zz", "f1", "f2", "f3"])] = anything(random);
  return answers;
}

function answer(random: Random, item: Item): Json {
  switch (item.type) {
    case "group":
      return Array.from({ length: random.whole(0, 5) }, () =>
        random.chance(0.04) ? anything(random) : randomAnswers(random, item.items ?? []),
      );
    case "email":
      return random.pick([
        "ana@example.com",
        "ana@example",
        "a@b@c.ro",
        "ana@-x.ro",
        "ana ion@x.ro",
        "ț@x.ro",
      ]);
    case "phone":
      return random.pick(["0722 123 456", "+40 (722) 123-456", "12", "+", "07x22123456", "1234567890123456"]);
    case "integer":
    case "number":
    case "scale":
      return random.chance(0.2) ? random.whole(-60, 120) / 10 : random.whole(-6, 12);
    case "boolean":
      return random.chance(0.5);
    case "date":
      return random.pick([
        "2024-02-29",
        "2025-06-01",
        "2027-01-01",
        "2023-02-29",
        "2025-6-1",
        "2023-01-01",
        "0000-01-01",
        "2025-13-01",
      ]);
    case "choice":
      return random.pick(item.options ?? []).value;
    case "choices":
      return Array.from({ length: random.whole(0, 4) }, () =>
        random.chance(0.9) ? random.pick(item.options ?? []).value : random.pick(values),
      );
    case "file":
      return Array.from({ length: random.whole(0, 3) }, () =>
        random.chance(0.9) ? random.uuid(new Date(Date.UTC(2027, 0, 1))) : "no-file",
      );
    default:
      return random.pick([
        "",
        "  ",
        "da",
        "două",
        "🦴🦴",
        "a longer one\nin lines",
        "<script>",
        "\t",
        "xxxxxxxxxxxxxxxxxx",
      ]);
  }
}

const anything = (random: Random): Json =>
  random.pick<Json>([
    null,
    true,
    0,
    -1.5,
    2e15,
    "",
    " ",
    "text",
    [],
    [1],
    ["a", "a"],
    ["a", null],
    {},
    { f1: "a" },
    [{}],
    [{ f2: 1 }, 3],
  ]);
