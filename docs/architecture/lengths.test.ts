import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { longFiles, sourcesIn, tooLong } from "./lengths.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every source that somebody writes is below 300 lines, tests, helpers and migrations among them", () => {
  // What of a function or a test is a subject of its own? It goes into a file beside it. Cases that share what they
  // start are functions of `<subject>.cases.ts`, which one test file calls.
  expect(longFiles(root)).toEqual([]);
});

test("the sources of every kind are looked at", () => {
  const files = sourcesIn(root);
  for (const file of ["docs/architecture/lengths.test.ts", "server/main.ts", "vitest.config.ts"])
    expect(files).toContain(file);
  for (const folder of [
    "db/functions",
    "db/policies",
    "db/reference",
    "db/tests/helpers",
    "db/migrations/roles.sql",
  ])
    expect(
      files.some((file) => file.startsWith(folder)),
      folder,
    ).toBe(true);
  expect(files.filter((file) => file.includes("node_modules"))).toEqual([]);
});

const lines = (count: number, top = "") => `${top}${"select 1;\n".repeat(count)}`;
test.each<[string, string, string, boolean]>([
  ["299 lines", "db/functions/core/play.sql", lines(299), false],
  ["300 lines", "db/functions/core/play.sql", lines(300), true],
  ["300 lines of a test", "server/tests/play.test.ts", lines(300), true],
  ["300 lines of a migration that is still written", "db/migrations/current/010-toys.sql", lines(300), true],
  ["a committed migration", "db/migrations/committed/000001-toys.sql", lines(300), false],
  [
    "what a program wrote",
    "db/reference/facts/x.sql",
    lines(300, "-- Numbers.\n-- Written by a program; do not edit.\n\n"),
    false,
  ],
  [
    "what says so further down",
    "db/reference/facts/x.sql",
    lines(300, "-- Numbers.\n\n-- do not edit\n"),
    true,
  ],
])("%s", (_, file, text, isTooLong) => {
  expect(tooLong(file, text)).toBe(isTooLong);
});
