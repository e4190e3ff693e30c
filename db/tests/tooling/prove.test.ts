import path from "node:path";
import { expect, test } from "vitest";
import { prove } from "../../testing/prove.ts";
import { temporaryFolder, write } from "./sample.ts";

/** Runs pgTAP files and answers with their reports, in the order in which they ended. */
async function proveFiles(...texts: string[]) {
  const folder = temporaryFolder();
  for (const [n, sql] of texts.entries()) write(folder, `${n}.test.sql`, sql);
  const reports: Parameters<Parameters<typeof prove>[1]>[0][] = [];
  await prove(
    texts.map((_, n) => path.join(folder, `${n}.test.sql`)),
    (report) => reports.push(report),
  );
  expect(reports).toHaveLength(texts.length);
  return reports;
}

const proveSql = async (sql: string) => (await proveFiles(sql))[0];

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

test("a file finds nothing of the session that the one before it had, however that ended", async () => {
  const looks = `begin;
    select plan(3);
    select is((select count(*)::int from pg_prepared_statements), 0);
    select is(to_regclass('pg_temp.left_over'), null);
    select is(coalesce(current_setting('app.principal_id', true), ''), '');
    select * from finish();
    rollback;`;
  const leaves =
    "prepare left_over as select 1; create temporary table left_over (); set app.principal_id = 'me';";
  const ends = [
    "",
    "begin;",
    "select nope;",
    "begin; select nope;",
    "select pg_terminate_backend(pg_backend_pid());",
  ];
  const reports = await proveFiles(...[...ends, ...ends, ...ends].map((end) => looks + leaves + end));
  expect(reports.map(({ passed }) => passed)).toEqual(reports.map(() => 3));
  expect(reports.filter(({ problems }) => problems.length === 0)).toHaveLength(3);
});
