import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readText } from "../../runtime/line_ends.ts";
import { readRequirements } from "../requirements/trace.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const guides = join(project, "docs", "guides");

/** Guides of clinical features. One that is written has its line here. */
const CLINICAL = ["exercises.md"];

const clinical = new Set(
  readdirSync(join(project, "docs", "requirements"))
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => readRequirements(readText(join(project, "docs", "requirements", file))).requirements)
    .filter(({ text }) => text.startsWith("**[C]**"))
    .map(({ id }) => id),
);

/** The rows of the table under "Safety implications", cell by cell. */
function hazards(markdown: string): string[][] {
  const [, section = ""] = markdown.split(/^## Safety implications$/m);
  return (section.split(/^## /m)[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|(-|\s*Hazard)/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What a hazard lacks: its control, a clinical requirement, or a test that is there. */
function lacking([hazard = "", control = "", ids = "", file = ""]: string[]): string[] {
  const named = ids.match(/[A-Z]{3}-\d{2}/g) ?? [];
  return [
    ...(control ? [] : [`${hazard}: nothing holds it`]),
    ...(named.length > 0 && named.every((id) => clinical.has(id))
      ? []
      : [`${hazard}: ${ids || "nothing"} is no clinical requirement`]),
    ...(file && existsSync(join(project, file)) ? [] : [`${hazard}: no test ${file}`]),
  ];
}

describe("GDP-21: the guide of a clinical feature says what it means for safety", () => {
  test.each(CLINICAL)("%s names hazards, each with what holds it, its requirement and its test", (file) => {
    const rows = hazards(readText(join(guides, file)));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.flatMap(lacking)).toEqual([]);
  });

  test("REQ-EX-001 is named as what it is here", () => {
    expect(readText(join(guides, "exercises.md"))).toContain(
      "REQ-EX-001 (contraindications are displayed) is EXL-02",
    );
  });

  test("a hazard that nothing holds, that no requirement is about or whose test is not there is named", () => {
    const table =
      "## Safety implications\n\n| Hazard | Control | Requirement | Test |\n|---|---|---|---|\n| A fall |  | FND-01 | nowhere.test.ts |\n\n## Next\n\n| B | c | d | e |\n";
    expect(hazards(table).flatMap(lacking)).toEqual([
      "A fall: nothing holds it",
      "A fall: FND-01 is no clinical requirement",
      "A fall: no test nowhere.test.ts",
    ]);
    expect(hazards("# A guide without the section\n")).toEqual([]);
  });
});
