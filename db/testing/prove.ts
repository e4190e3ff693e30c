import os from "node:os";
import path from "node:path";
import pg from "pg";
import { readText } from "../../runtime/line_ends.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { toldToStop } from "../../runtime/told_to_stop.ts";
import { dbFolder, sqlFiles } from "../migrating/sources.ts";
import { sqlError } from "../migrating/sql_error.ts";
import { createTestDatabase, type Furniture, startTestServer } from "./server.ts";
import { sweep } from "./sweep.ts";
import { readTap, type TapReport, totals } from "./tap.ts";

type FileReport = TapReport & { file: string; milliseconds: number };

/**
 * Runs pgTAP files as the superuser, on as many databases as there are workers: files run side by side, and may still
 * replace functions in their transaction. The files of a worker share a connection, which is made like new between
 * them: what PostgreSQL has read of the catalog and compiled by then is a quarter of what a file costs.
 */
export async function prove(files: string[], onReport: (report: FileReport) => void): Promise<void> {
  const furnished = files.filter((file) => beginsWithClinics.test(readText(file)));
  await proveIn("two clinics", furnished, onReport);
  const others = files.filter((file) => !furnished.includes(file));
  await proveIn(undefined, others, onReport);
}

/** How a file begins that finds the two clinics ready. */
const beginsWithClinics = /^begin;\n(?:select plan\(\d+\);\n)?select tests\.two_clinics\(\);/m;

async function proveIn(
  furniture: Furniture | undefined,
  files: string[],
  onReport: (report: FileReport) => void,
): Promise<void> {
  const waiting = [...files];
  const workers = Array.from({ length: Math.min(os.availableParallelism(), 4, files.length) }, async () => {
    const database = await createTestDatabase({
      because: "the SQL tests of one worker run in it, each taken back",
      furniture,
    });
    const connect = async () => {
      const client = new pg.Client({ connectionString: database.urls.admin });
      client.on("error", () => {}); // a file that ends its connection is told so by its own query
      await client.connect();
      await client.query(keepsItsPlan);
      return client;
    };
    let client = await connect();
    let proved = 0;
    try {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        onReport(await proveFile(client, file));
        if (++proved % filesPerConnection > 0 && (await isLikeNew(client))) {
          await sweep(client);
          continue;
        }
        await client.end().catch(() => {});
        client = await connect();
        await sweep(client);
      }
    } finally {
      await client.end();
      await database.drop();
    }
  });
  await Promise.all(workers);
}

/**
 * A new connection reads the catalog and compiles anew. An old one keeps thousands of plans, and each table or function
 * that a test makes has every one of them asked whether it still holds: without end, a fifth of all that the files cost.
 */
const filesPerConnection = 20;

/**
 * pgTAP counts in temporary tables, which it makes anew for each plan. Made once and left empty they serve all files of a
 * connection: what a file counted ends with its transaction.
 */
const keepsItsPlan = `
  begin; select plan(1); delete from __tcache__; commit`;

/**
 * Whether the connection is as it was when it was made, and can take another file: everything that `discard all` does,
 * but for plans, which PostgreSQL makes anew by itself where what they rest on has changed.
 */
async function isLikeNew(client: pg.Client): Promise<boolean> {
  if (await inTransaction(client).catch(() => true)) return false;
  const anew = `close all; set session authorization default; reset all; deallocate all; unlisten *;
    select pg_advisory_unlock_all(); select setval('pg_temp.__tresults___numb_seq', 1, false)`;
  const kept = `select from pg_class where relnamespace = pg_my_temp_schema() and relname not like '\\_\\_t%'`;
  return client.query(anew).then(
    async () => (await client.query(kept)).rowCount === 0,
    () => false,
  );
}

async function proveFile(client: pg.Client, file: string): Promise<FileReport> {
  const begun = performance.now();
  const sql = readText(file);
  const lines: string[] = [];
  const problems: string[] = [];
  let completed = 0;
  const count = () => completed++;
  client.connection.on("commandComplete", count);
  try {
    await run(client, sql, (text) => lines.push(...text.split("\n")));
    if (await inTransaction(client))
      problems.push("The file does not end its transaction: rollback is missing.");
  } catch (error) {
    const { line, text } = sqlError(error as pg.DatabaseError, sql, completed);
    problems.push(`line ${line}: ${text}`);
  } finally {
    client.connection.off("commandComplete", count);
  }

  const report = readTap(lines);
  // After an error the rest is missing, so its plan is no news.
  const said = problems.length > 0 ? report.problems.filter((line) => !/plan/.test(line)) : report.problems;
  return {
    file: path.relative(process.cwd(), file),
    milliseconds: performance.now() - begun,
    passed: report.passed,
    failed: problems.length > 0 ? Math.max(1, report.failed) : report.failed,
    skipped: report.skipped,
    problems: [...said, ...problems],
  };
}

/** Sends the file as one simple query. Rows arrive one by one, so those before an error are kept. */
function run(client: pg.Client, sql: string, onText: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query({ text: sql });
    query.on("row", (row) => {
      const value: unknown = Object.values(row)[0];
      if (typeof value === "string") onText(value);
    });
    query.on("end", () => resolve());
    query.on("error", reject);
    client.query(query);
  });
}

async function inTransaction(client: pg.Client): Promise<boolean> {
  // Outside a transaction every statement has its own: then both times are the same.
  const { rows } = await client.query("select now() = statement_timestamp() as alone");
  return !rows[0].alone;
}

/** Test files whose path contains one of the words; all when there are none. */
export function testFiles(words: string[]): string[] {
  const wanted = words.map((word) => word.replace(/^\.\//, ""));
  return sqlFiles(path.join(dbFolder, "tests"))
    .filter((file) => file.endsWith(".test.sql"))
    .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
}

/** Runs the files and prints what they say; answers with the exit code. */
async function proveAll(files: string[]): Promise<number> {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  await prove(files, (report) => {
    sum.passed += report.passed;
    sum.failed += report.failed;
    sum.skipped += report.skipped.length;
    const state = report.failed > 0 ? "FAIL" : "ok  ";
    console.log(`${state} ${report.file} (${report.passed}, ${Math.round(report.milliseconds)} ms)`);
    for (const line of report.problems) console.log(line.replace(/^/gm, "       "));
    for (const reason of report.skipped) console.log(`       skipped: ${reason}`);
  });
  if (files.length === 0) console.log("No test file matches.");
  console.log(totals(sum));
  return sum.failed > 0 || files.length === 0 ? 1 : 0;
}

/** Keeps a test database open for other tools (pg_prove, psql) until Ctrl-C. */
async function serve(): Promise<number> {
  const { urls } = await createTestDatabase({ because: "it stays for who runs a test by hand" });
  const told = toldToStop(); // before anybody reads that it is ready
  const open = setInterval(() => {}, 60_000); // a signal handler alone keeps no process alive
  console.log(`A test database is ready until Ctrl-C:\n${urls.admin}`);
  await told;
  clearInterval(open);
  return 0;
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const own = process.env.RESTARTIX_TEST_SERVER ? undefined : await startTestServer();
  try {
    return words.includes("--serve") ? await serve() : await proveAll(testFiles(words));
  } finally {
    await own?.stop();
  }
}

if (import.meta.main) await runProgram(main, { hearsSignals: process.argv.includes("--serve") });
