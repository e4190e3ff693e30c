import fc from "fast-check";
import { expect, test } from "vitest";
import { problemsOf } from "../../../web/forms/check.ts";
import type { Answers, Condition, Item } from "../../../web/forms/content.ts";
import { shownOf } from "../../../web/forms/visibility.ts";
import type { Clinic } from "./clinic.ts";

const label = { ro: "?" };
const keys = ["a", "b", "c", "d", "e", "f"] as const;
const answer = fc.oneof(
  fc.constantFrom("", " ", "x", "knee", "2026-01-01", "2026-06-01"),
  fc.integer({ min: -1, max: 12 }),
  fc.boolean(),
  fc.constantFrom([], ["x"], ["x", "knee"]),
);
const operator = fc.constantFrom(
  ...([
    "equals",
    "not_equals",
    "in",
    "contains",
    "greater",
    "less",
    "at_least",
    "at_most",
    "answered",
    "not_answered",
  ] as const),
);

/** A condition about fields that stand before. */
function conditionOn(before: string[]): fc.Arbitrary<Condition | undefined> {
  if (before.length === 0) return fc.constant(undefined);
  const leaf = fc
    .record({
      field: fc.constantFrom(...before),
      op: operator,
      value: fc.oneof(answer, fc.constant(["x", 3])),
    })
    .map((one): Condition => one);
  const several = fc.array(leaf, { maxLength: 3 });
  return fc.option(
    fc.oneof(
      leaf,
      several.map((all) => ({ all })),
      several.map((any) => ({ any })),
      leaf.map((not) => ({ not })),
    ),
    { nil: undefined },
  );
}

const types = fc.constantFrom(
  { type: "text", max_length: 3 } as const,
  { type: "integer", min: 0, max: 10 } as const,
  { type: "number" } as const,
  { type: "boolean" } as const,
  { type: "date", min: "2026-02-01" } as const,
  {
    type: "choices",
    options: [
      { value: "x", label },
      { value: "knee", label },
    ],
    max_chosen: 1,
  } as const,
);

/** A form of six fields, the fourth and fifth of which stand in a group that may be hidden, and may repeat. */
const form = fc
  .tuple(
    ...keys.map((_, index) => fc.tuple(types, fc.boolean(), conditionOn([...keys.slice(0, index)]))),
    fc.boolean(),
    conditionOn(["a", "b", "c"]),
  )
  .map((parts): Item[] => {
    const repeats = parts[6] as boolean;
    const hidden = parts[7] as Condition | undefined;
    const fields = keys.map((key, index): Item => {
      const [type, required, visible] = parts[index] as [object, boolean, Condition | undefined];
      return { key, label, required, ...type, ...(visible && { visible_if: visible }) } as Item;
    });
    const group: Item = {
      key: "g",
      type: "group",
      label,
      items: fields.slice(3, 5),
      ...(hidden && { visible_if: hidden }),
      ...(repeats && { repeat: { max: 3 } }),
    };
    // What stands in an entry of a group that repeats is not known outside of it.
    const last = repeats ? ({ ...fields[5], visible_if: undefined } as Item) : (fields[5] as Item);
    return [...fields.slice(0, 3), group, last];
  });
const some = fc.dictionary(fc.constantFrom(...keys), answer);
const answers = fc.tuple(some, fc.array(fc.dictionary(fc.constantFrom("d", "e"), answer), { maxLength: 2 }));

/** Problems that a page tells by itself; of the rest it learns from the database. */
const known = /^(required|too_|not_a_number|not_an_integer)/;

export function agreementCases(clinic: () => Clinic): void {
  test("FRM-04: a page shows, and finds missing or out of bounds, what the database does: 2,000 forms with answers", async () => {
    const tried = fc
      .sample(fc.tuple(form, answers), { numRuns: 2_000, seed: 20261129 })
      .map(([items, [top, entries]]) => {
        const repeats = items.some((item) => item.type === "group" && item.repeat);
        const { d: _, e: __, ...outside } = top;
        const given = (repeats ? { ...outside, g: entries } : top) as Answers;
        return { items: JSON.parse(JSON.stringify(items)) as Item[], given };
      });
    const rows = await clinic().api.sql(
      `select (select coalesce(jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason) order by problem.path), '[]')
               from app_private.form_problems(jsonb_build_object('items', tried.value -> 'items'), tried.value -> 'given', true) as problem) as problems
       from jsonb_array_elements($1::jsonb) with ordinality as tried (value, place) order by tried.place`,
      [JSON.stringify(tried)],
    );
    let found = 0;
    for (const [index, { items, given }] of tried.entries()) {
      const theirs = rows[index].problems as { path: string; reason: string }[];
      const ofKinds = theirs
        .filter(({ reason }) => known.test(reason))
        .map(({ path, reason }) => `${path} ${reason}`);
      // Where an answer is of another kind altogether, a page has no field that gives it.
      const alien = new Set(theirs.filter(({ reason }) => !known.test(reason)).map(({ path }) => path));
      const ours = problemsOf(shownOf(items, given), given)
        .filter(({ path }) => !alien.has(path))
        .map(({ path, reason }) => `${path} ${reason}`);
      expect([JSON.stringify({ items, given }), ours.sort()]).toEqual([expect.any(String), ofKinds.sort()]);
      found += ours.length;
    }
    expect(found).toBeGreaterThan(1_000);
  });
}
