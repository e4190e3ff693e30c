import { expect, test } from "vitest";
import { blocksOnTheWay, listsOf, movedTo, valueAt } from "../templates/places.ts";
import { atomsOf, bound, inWords, marked, type Run, runsOf } from "../templates/runs.ts";
import { isSame } from "../templates/same.ts";

// DOC-01: what a person does to text and blocks, apart from the page.

const written: Run[] = [{ text: "Pacient: " }, { field: "patient.name" }, { text: "." }];

test("a bound value is one step of the caret, and everything comes back as it was", () => {
  expect(atomsOf(written)).toHaveLength(11);
  expect(runsOf(atomsOf(written))).toEqual(written);
  expect(runsOf([])).toEqual([{ text: "" }]);
  expect(runsOf(atomsOf([{ text: "a" }, { text: "b" }, { text: "c", bold: true }]))).toEqual([
    { text: "ab" },
    { text: "c", bold: true },
  ]);
});

test("a mark is put on what is chosen, taken from what has it, and is meant for everything where nothing is chosen", () => {
  const bold = marked(written, "bold", { from: 0, to: 8 });
  expect(bold).toEqual([
    { text: "Pacient:", bold: true },
    { text: " " },
    { field: "patient.name" },
    { text: "." },
  ]);
  expect(marked(bold, "bold", { from: 0, to: 8 })).toEqual(written);
  const all = marked(bold, "bold", { from: 3, to: 3 });
  expect(all).toEqual(written.map((run) => ({ ...run, bold: true })));
  expect(marked(all, "bold", { from: 0, to: 0 })).toEqual(written);
});

test("a value is bound in the place of what is chosen, marked as what stands before it", () => {
  expect(bound([{ text: "ab", italic: true }], "patient.phone", "", { from: 1, to: 2 })).toEqual([
    { text: "a", italic: true },
    { field: "patient.phone", italic: true },
  ]);
  expect(bound([], "document.issued_at", "date_long", { from: 0, to: 0 })).toEqual([
    { field: "document.issued_at", format: "date_long" },
  ]);
  expect(inWords(written, (field) => field.toUpperCase())).toBe("Pacient: [PATIENT.NAME].");
});

const blocks = { format: "blocks", title: "In the column" };
const contract = {
  blocks: [
    {
      type: "columns",
      schema: {
        properties: { columns: { title: "Columns", items: { title: "Column", properties: { blocks } } } },
      },
    },
    { type: "divider", schema: { properties: {} } },
  ],
} as never;
const state = {
  blocks: [
    {
      type: "columns",
      id: "two",
      columns: [{ blocks: [{ type: "divider", id: "inner" }] }, { blocks: [] }],
    },
    { type: "divider", id: "outer" },
  ],
};

test("every list of blocks is found by the schemas alone, with whose it is", () => {
  expect(listsOf(contract, state).map(({ path, owner, places }) => [path, owner?.id, places])).toEqual([
    ["$.blocks", undefined, []],
    ["$.blocks[0].columns[0].blocks", "two", [1]],
    ["$.blocks[0].columns[1].blocks", "two", [2]],
  ]);
});

test("a block is moved out of a list and into one that stands behind it, whichever path changes by that", () => {
  const out = movedTo(state, "$.blocks[0].columns[0].blocks", 0, "$.blocks");
  expect(out.blocks.map(({ id }) => id)).toEqual(["two", "outer", "inner"]);
  expect(valueAt(out, "$.blocks[0].columns[0].blocks")).toEqual([]);
  const turned = { blocks: state.blocks.toReversed() };
  const into = movedTo(turned, "$.blocks", 0, "$.blocks[1].columns[1].blocks");
  expect(into.blocks.map(({ id }) => id)).toEqual(["two"]);
  expect(valueAt(into, "$.blocks[0].columns[1].blocks[0].id")).toBe("outer");
});

test("the way to a place goes by blocks alone", () => {
  expect(blocksOnTheWay(state, "$.blocks[0].columns[0].blocks[0].color")).toEqual([
    "$.blocks[0]",
    "$.blocks[0].columns[0].blocks[0]",
  ]);
  expect(blocksOnTheWay(state, "$layout.margins.top")).toEqual([]);
});

test("the order of properties makes no difference, that of lists does", () => {
  expect(isSame({ a: 1, b: { c: [1, 2], d: 2 } }, { b: { d: 2, c: [1, 2] }, a: 1 })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
});
