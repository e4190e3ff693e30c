import { spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keepCompiledCode } from "../db/testing/compile_cache.ts";
import { startTestServer } from "../db/testing/server.ts";
import { totals } from "../db/testing/tap.ts";

/** How a step went: how many tests passed, failed and were skipped, and what there is to read about it. */
type Outcome = { passed: number; failed: number; skipped: number; output: string; files?: FileTime[] };

type FileTime = { file: string; seconds: number };

type Step = { name: string; run(): Promise<Outcome> };

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(path.join(os.tmpdir(), "restartix-test-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

/** Runs a command in the project's folder, with the project's own Node.js first on the PATH. */
function command(program: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const bin = path.join(root, "node_modules", ".bin");
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const child = spawn(program === "node" ? process.execPath : path.join(bin, program), args, {
    cwd: root,
    env: {
      ...inherited,
      NO_COLOR: "1",
      PATH: [path.dirname(process.execPath), bin, process.env.PATH].join(path.delimiter),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

/** A step that is one test: the command succeeds. */
function check(name: string, program: string, ...args: string[]): Step {
  return {
    name,
    run: async () => {
      const { code, output } = await command(program, ...args);
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
    },
  };
}

const migrations: Step = {
  name: "migrations (squawk)",
  run: async () => {
    const files = globSync("db/migrations/committed/*.sql", { cwd: root });
    if (files.length === 0) return { passed: 0, failed: 1, skipped: 0, output: "No migration is committed." };
    return check("", "squawk", "--reporter=gcc", ...files).run();
  },
};

const pgtap: Step = {
  name: "database (pgTAP)",
  run: async () => {
    const { code, output } = await command("node", "db/testing/prove.ts");
    const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(output) ?? [];
    const files = [...output.matchAll(/^(?:ok|FAIL) +(\S+) \(\d+, (\d+) ms\)$/gm)].map(
      ([, file = "", milliseconds]) => ({ file, seconds: Number(milliseconds) / 1000 }),
    );
    const failures = output.replace(/^ok .*\n/gm, "");
    return { ...counted(code, failures, Number(passed), Number(failed), Number(skipped)), files };
  },
};

const vitest: Step = {
  name: "processes (vitest)",
  run: async () => {
    const file = path.join(work, "vitest.json");
    // The verbose reporter is the one that says why a test was skipped.
    const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
    const { code, output: said } = await command("vitest", "run", ...reporters);
    const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const lines = said.split("\n");
    const skipped = lines
      .filter((line) => /^\s*↓ /.test(line))
      .map((line) => line.replace(/^\s*↓ /, "skipped: "));
    const told = lines.filter((line) => !/^\s*[✓↓] /.test(line));
    const files: FileTime[] = (report.testResults ?? []).map(
      ({ name, startTime, endTime }: { name: string; startTime: number; endTime: number }) => ({
        file: path.relative(root, name),
        seconds: (endTime - startTime) / 1000,
      }),
    );
    const output = [...told, ...skipped].join("\n");
    return {
      ...counted(code, output, report.numPassedTests, report.numFailedTests, skipped.length),
      files,
    };
  },
};

/** A suite that failed without a failing test (it did not load, it crashed) counts as one failure. */
function counted(code: number, output: string, passed = 0, failed = 0, skipped = 0): Outcome {
  const sum = { passed: passed || 0, failed: failed || 0, skipped: skipped || 0 };
  if (sum.failed === 0 && (code !== 0 || sum.passed === 0)) sum.failed = 1;
  return { ...sum, output };
}

const begun = performance.now();
const sum = { passed: 0, failed: 0, skipped: 0 };
const times: FileTime[] = [];

async function run(steps: Step[]): Promise<void> {
  for (const { name, run } of steps) {
    const start = performance.now();
    const outcome = await run().catch(
      (error: unknown): Outcome => ({
        passed: 0,
        failed: 1,
        skipped: 0,
        output: String(error instanceof Error ? error.stack : error),
      }),
    );
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
    sum.skipped += outcome.skipped;
    times.push(...(outcome.files ?? []));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${outcome.failed > 0 ? "FAIL" : "ok  "} ${name.padEnd(26)} ${seconds.padStart(6)} s  ${totals(outcome)}`,
    );
    if (outcome.failed > 0) console.log(outcome.output.replace(/^/gm, "     "));
    else
      for (const line of outcome.output.match(/^.*\bskipped: .*$/gm) ?? [])
        console.log(`     ${line.trim()}`);
  }
}

keepCompiledCode();
/** The database server that all suites share. Its steps wait for it; a failure to start fails them. */
const server = startTestServer();
server.catch(() => {}); // told by the steps
const withServer = (step: Step): Step => ({ name: step.name, run: () => server.then(() => step.run()) });

// Two lanes for two cores: nothing in one waits for the other.
await Promise.all([
  run([
    check("types (tsc)", "tsc", "--noEmit"),
    check("types of pages (tsc)", "tsc", "--noEmit", "-p", "tsconfig.browser.json"),
    check("types of web (tsc)", "tsc", "--noEmit", "-p", "web"),
    check("style (biome)", "biome", "ci", "--colors=off", "--error-on-warnings", "."),
    check("nothing unused (knip)", "knip", "--no-progress"),
    check("sources = migrations", "node", "db/migrating/stage.ts", "--check"),
    migrations,
    check("requirements (trace)", "node", "docs/requirements/trace.ts", "--check"),
    withServer(vitest),
  ]),
  run([
    withServer(pgtap),
    withServer(check("database schema snapshot", "node", "db/testing/snapshot.ts", "--check")),
    withServer(check("API schema snapshot", "node", "server/export_schema.ts", "--check")),
  ]),
]);
await server.then(({ stop }) => stop()).catch(() => {});

console.log("The ten slowest files:");
for (const { file, seconds } of times.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10))
  console.log(`     ${seconds.toFixed(1).padStart(6)} s  ${file}`);
console.log(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
console.log(totals(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;
