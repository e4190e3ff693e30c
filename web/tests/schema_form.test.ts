import { expect, test } from "vitest";
import { Refused } from "../../client/refused.ts";
import { problemsFound, problemTexts } from "../schema_form/problems.ts";
import {
  emptyValue,
  moved,
  offeredBy,
  type Schema,
  shownProperties,
  titleOf,
  withValue,
} from "../schema_form/schema.ts";

// AUT-02: a form shows what its schema says, in the order and the language that it says it in.

const schema: Schema = {
  type: "object",
  required: ["words", "days", "often"],
  "x-order": ["to", "permission", "days", "often", "words"],
  properties: {
    words: {
      type: "object",
      required: ["ro"],
      properties: { ro: { type: "string" }, en: { type: "string" } },
    },
    days: { type: "integer", title: "Days", "x-title-ro": "Zile" },
    often: { type: "array", items: { enum: ["mon"], "x-labels": { mon: { en: "Monday", ro: "luni" } } } },
    to: { type: "string", enum: ["patient", "staff"], default: "patient" },
    permission: { type: "string", "x-when": { to: ["staff"] } },
  },
};
const shown = (values: Record<string, unknown>) => shownProperties(schema, values).map(([name]) => name);

test("properties stand in the order of the schema, those of a condition only while it holds", () => {
  expect(shown({})).toEqual(["to", "days", "often", "words"]);
  expect(shown({ to: "staff" })).toEqual(["to", "permission", "days", "often", "words"]);
  expect(shownProperties({ properties: { only: { type: "string" } } }, {})).toHaveLength(1);
});

test("a new value has what is required, and what stands where nothing is said", () => {
  expect(emptyValue(schema)).toEqual({ words: { ro: "" }, days: "", often: [] });
  expect(emptyValue({ type: "boolean" })).toBe(false);
  expect(emptyValue({ type: "boolean", default: true })).toBe(true);
});

test("what is not said is left out, along with what depends on it; what the schema does not know stays", () => {
  const values = { to: "staff", permission: "patients.view", days: 3, older: 1 };
  expect(withValue(schema, values, "to", "patient")).toEqual({ to: "patient", days: 3, older: 1 });
  expect(withValue(schema, values, "days", undefined)).toEqual({
    to: "staff",
    permission: "patients.view",
    older: 1,
  });
});

test("what has its schema of a value begins anew with another one", () => {
  const properties = { action: { type: "string" }, config: { type: "object", "x-schema-of": "action" } };
  const values = { action: "a", config: { days: 3 } };
  expect(withValue({ properties }, values, "action", "b")).toEqual({ action: "b" });
  expect(withValue({ properties }, values, "config", { days: 4 })).toEqual({
    action: "a",
    config: { days: 4 },
  });
});

test("titles and labels are those of the language, and a value without a label is told by itself", () => {
  const { days, often } = schema.properties ?? {};
  expect([titleOf(days ?? {}, "ro"), titleOf(days ?? {}, "en"), titleOf({}, "ro")]).toEqual([
    "Zile",
    "Days",
    "",
  ]);
  expect(offeredBy(often?.items ?? {}, "ro")).toEqual([{ value: "mon", label: "luni" }]);
  expect(offeredBy({ enum: ["x"] }, "en")).toEqual([{ value: "x", label: "x" }]);
});

test("one of a list goes up, down, or to where it was", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a"], 0, 0)).toEqual(["a"]);
});

test("what a refusal finds wrong is told at its path, or at the field that it names", () => {
  const say = (key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key);
  const details = {
    count: 3,
    fields: [
      { path: "$.a", reason: "out_of_bounds", details: { least: 1, most: 9 } },
      { path: "$.a", reason: "is_missing", details: {} },
      { path: "$.b", reason: "never_heard_of" },
      { path: "$.c", reason: "out_of_bounds", details: { least: 3 } },
    ],
  };
  const refused = new Refused("no", { code: "VALIDATION", reason: "automation_not_valid", details } as never);
  expect([...problemTexts(say, problemsFound(refused))]).toEqual([
    ["$.a", 'problem_between {"least":1,"most":9}'],
    ["$.b", 'problem {"code":"never_heard_of"}'],
    ["$.c", "problem_out_of_bounds"],
  ]);
  const reasons = [{ value: "never_heard_of", label: "Heard of now" }];
  expect(problemTexts(say, problemsFound(refused), reasons).get("$.b")).toBe("Heard of now.");
  const of = { code: "VALIDATION", reason: "most_out_of_bounds", details: { field: "mostEver", most: 1000 } };
  expect(problemsFound(new Refused("no", of as never)).map(({ path }) => path)).toEqual(["$.mostEver"]);
  expect(problemsFound(new Error("else"))).toEqual([]);
});
