import path from "node:path";
import { expect, test } from "vitest";
import { prove } from "../../testing/prove.ts";
import { temporaryFolder, write } from "./sample.ts";

/** Runs one pgTAP file and answers with its report. */
async function proveSql(sql: string) {
  const folder = temporaryFolder();
  write(folder, "some.test.sql", sql);
  const reports: Parameters<Parameters<typeof prove>[1]>[0][] = [];
  await prove([path.join(folder, "some.test.sql")], (report) => reports.push(report));
  expect(reports).toHaveLength(1);
  return reports[0];
}

test("a file that keeps its plan passes", async () => {
  const report = await proveSql(
    "begin;\nselect plan(2);\nselect is(1, 1, 'one');\nselect pass();\nselect * from finish();\nrollback;",
  );
  expect(report).toMatchObject({ passed: 2, failed: 0, problems: [] });
});

test("a failure is shown with what was had and wanted", async () => {
  const report = await proveSql(
    "begin;\nselect plan(1);\nselect is(1, 2, 'one');\nselect * from finish();\nrollback;",
  );
  expect(report?.failed).toBe(1);
  expect(report?.problems.join("\n")).toMatch(/not ok 1 - one[\s\S]*have: 1[\s\S]*want: 2/);
});

test("an error is a failure on its line, and what passed before it is kept", async () => {
  const report = await proveSql("begin;\nselect plan(2);\nselect pass('one');\n\nselect nope;\nrollback;");
  expect(report).toMatchObject({ passed: 1, failed: 1 });
  expect(report?.problems).toEqual([expect.stringMatching(/^line 5: 42703 column "nope" does not exist/)]);
});

test("a file that runs fewer tests than planned fails", async () => {
  const report = await proveSql(
    "begin;\nselect plan(2);\nselect pass();\nselect * from finish();\nrollback;",
  );
  expect(report).toMatchObject({ passed: 1, failed: 1, problems: ["The plan was 2 tests, and 1 ran."] });
});

test("a file that does not end its transaction fails", async () => {
  const report = await proveSql("begin;\nselect plan(1);\nselect pass();\n");
  expect(report?.problems).toEqual([expect.stringContaining("rollback is missing")]);
  expect(report?.failed).toBe(1);
});
