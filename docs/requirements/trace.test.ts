import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { disagreements, readRequirements, readSqlTest, readTypeScriptTest } from "./trace.ts";

const registry = (state: string) =>
  readRequirements(`| SCH-06 | Slot holds with expiry. | ${state} |`).requirements;
const proof = (title: string) => readTypeScriptTest("hold.test.ts", `${"test"}("${title}", () => {});`);

describe("the registry", () => {
  test("is read row by row with its state", () => {
    expect(registry("partial: extension by the holder")).toEqual([
      { id: "SCH-06", text: "Slot holds with expiry.", state: "partial", missing: "extension by the holder" },
    ]);
  });

  test("refuses a state that is none, and partial without saying what is missing", () => {
    expect(readRequirements("| SCH-06 | Slot holds. | nearly |").problems).toHaveLength(1);
    expect(readRequirements("| SCH-06 | Slot holds. | partial: |").problems).toHaveLength(1);
    expect(readRequirements("| SCH-06 | Slot holds. |").problems).toHaveLength(1);
  });

  test("stands in this folder, every row readable and no ID twice", () => {
    const here = dirname(fileURLToPath(import.meta.url));
    const files = readdirSync(here).filter((name) => name.endsWith(".md") && name !== "README.md");
    const parsed = files.map((name) => readRequirements(readFileSync(join(here, name), "utf8")));
    const ids = parsed.flatMap((file) => file.requirements.map((row) => row.id));
    expect(parsed.flatMap((file) => file.problems)).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(150);
  });
});

describe("tests are found", () => {
  test("in SQL by the comment on top, and a throws_ok counts as a refusal", () => {
    const sql =
      "-- Test: hold_slot - keeps nine o'clock. SCH-06.\nbegin;\nselect throws_ok($$select 1$$);\n-- FND-05";
    expect(readSqlTest("db/keeps.test.sql", sql)).toEqual([
      {
        file: "db/keeps.test.sql",
        title: "hold_slot - keeps nine o'clock. SCH-06.",
        ids: ["SCH-06"],
        refuses: true,
      },
    ]);
    expect(readSqlTest("db/keeps.test.sql", sql.replace("throws_ok", "ok"))[0]?.refuses).toBe(false);
  });

  test("in TypeScript by title, describe and opening comment", () => {
    const source = [
      "// FND-29",
      'describe("holds, SCH-06", () => {',
      '  test("the second visitor is refused", () => {',
      "  });",
      "});",
      'test.each([["(", 1]])("a page is %s, FND-27", () => {});',
    ].join("\n");
    expect(readTypeScriptTest("a.test.ts", source).map(({ ids, refuses }) => ({ ids, refuses }))).toEqual([
      { ids: ["FND-29", "SCH-06"], refuses: true },
      { ids: ["FND-29", "FND-27"], refuses: false },
    ]);
  });

  test("but not when they are skipped", () => {
    expect(readTypeScriptTest("a.test.ts", `${"test"}.skip("SCH-06 is refused", () => {});`)).toEqual([]);
  });
});

describe("the check", () => {
  test("is quiet when a done row has a test that refuses", () => {
    expect(disagreements(registry("done"), proof("the second visitor is refused, SCH-06"))).toEqual([]);
  });

  test("refuses a test that names an unknown ID", () => {
    expect(disagreements(registry("open"), proof("SCH-66 is refused"))).toHaveLength(1);
  });

  test("refuses a done or partial row that no test names", () => {
    expect(disagreements(registry("done"), [])).toEqual(["SCH-06 is done and no test names it"]);
    expect(disagreements(registry("partial: the rest"), [])).toEqual([
      "SCH-06 is partial and no test names it",
    ]);
  });

  test("refuses a done row without a proof of refusal, while a partial row may wait for it", () => {
    expect(disagreements(registry("done"), proof("the visitor holds it, SCH-06"))).toHaveLength(1);
    expect(disagreements(registry("partial: the rest"), proof("the visitor holds it, SCH-06"))).toEqual([]);
  });

  test("refuses an open row that tests name, and an ID that stands twice", () => {
    expect(disagreements(registry("open"), proof("the visitor holds it, SCH-06"))).toHaveLength(1);
    expect(disagreements([...registry("open"), ...registry("open")], [])).toEqual([
      "SCH-06 stands in the registry twice",
    ]);
  });
});
