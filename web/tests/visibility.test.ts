import { expect, test } from "vitest";
import { problemsOf } from "../forms/check.ts";
import type { Answers, Condition, Item } from "../forms/content.ts";
import { valueAt } from "../forms/value_at.ts";
import { holds, type Shown, shownOf } from "../forms/visibility.ts";

// FRM-04: the page shows what the database asks. That both agree, server/tests/pages/agreement.cases.ts holds.

const label = { ro: "" };
const keysOf = (shown: readonly Shown[]): unknown[] =>
  shown.map(({ item, items, entries }) =>
    items ? [item.key, keysOf(items)] : entries ? [item.key, entries.map(keysOf)] : item.key,
  );

const items: Item[] = [
  { key: "pain", type: "scale", label, min: 0, max: 10, required: true },
  { key: "where", type: "text", label, visible_if: { field: "pain", op: "greater", value: 0 } },
  { key: "since", type: "date", label, visible_if: { field: "where", op: "answered" }, required: true },
  {
    key: "more",
    type: "group",
    label,
    visible_if: { field: "since", op: "at_least", value: "2026-01-01" },
    items: [{ key: "note", type: "text", label, required: true }],
  },
  {
    key: "medicines",
    type: "group",
    label,
    repeat: { min: 1 },
    items: [
      { key: "name", type: "text", label, required: true },
      { key: "dose", type: "text", label, visible_if: { field: "name", op: "equals", value: "x" } },
      { key: "why", type: "text", label, visible_if: { field: "pain", op: "equals", value: 3 } },
    ],
  },
];

test.each<[string, Answers, unknown[]]>([
  ["nothing answered", {}, ["pain", ["medicines", [["name"]]]]],
  ["a condition that holds", { pain: 1 }, ["pain", "where", ["medicines", [["name"]]]]],
  [
    "one that does not, though what it hid was answered",
    { pain: 0, where: "knee", since: "2026-02-02" },
    ["pain", ["medicines", [["name"]]]],
  ],
  ["blanks are no answer", { pain: 1, where: "  " }, ["pain", "where", ["medicines", [["name"]]]]],
  [
    "a group behind a date",
    { pain: 1, where: "knee", since: "2026-02-02" },
    ["pain", "where", "since", ["more", ["note"]], ["medicines", [["name"]]]],
  ],
  [
    "each entry by its own answers and those outside",
    { pain: 3, medicines: [{ name: "x" }, { name: "y", dose: "hidden" }] },
    [
      "pain",
      "where",
      [
        "medicines",
        [
          ["name", "dose", "why"],
          ["name", "why"],
        ],
      ],
    ],
  ],
])("what is shown: %s", (_, answers, shown) => {
  expect(keysOf(shownOf(items, answers))).toEqual(shown);
});

test("what is missing is told by its path, also in entries that are there from the beginning", () => {
  const answers: Answers = { pain: 1, where: "knee", medicines: [{ name: "x" }, {}] };
  const paths = problemsOf(shownOf(items, answers), answers);
  expect(paths).toEqual([
    { path: "since", reason: "required" },
    { path: "medicines[1].name", reason: "required" },
  ]);
  expect(problemsOf(shownOf(items, {}), {}).map(({ path }) => path)).toEqual(["pain", "medicines[0].name"]);
  expect(valueAt(answers, "medicines[0].name")).toBe("x");
  expect(valueAt(answers, "medicines[7].name")).toBeUndefined();
});

test.each<[Condition, boolean]>([
  [{ all: [] }, true],
  [{ any: [] }, false],
  [{ not: { field: "n", op: "equals", value: 5 } }, false],
  [{ field: "n", op: "in", value: [4, 5] }, true],
  [{ field: "n", op: "less", value: "9" }, false],
  [{ field: "n", op: "at_most", value: 5 }, true],
  [{ field: "list", op: "contains", value: "b" }, true],
  [{ field: "list", op: "contains", value: "c" }, false],
  [{ field: "text", op: "contains", value: "ne" }, true],
  [{ field: "none", op: "not_equals", value: 1 }, false],
  [{ field: "none", op: "not_answered" }, true],
])("%j", (condition, expected) => {
  const known = new Map<string, never>(
    Object.entries({ n: 5, list: ["a", "b"], text: "knee" }) as [string, never][],
  );
  expect(holds(condition, known)).toBe(expected);
});
