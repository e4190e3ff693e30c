/**
 * `npm run mutants:ts`: breaks the TypeScript of areas.ts in every way that mutants.ts knows, one at a time, and says
 * which of them nobody noticed. A survivor is a promise without a test; it fails the run unless accepted/<room>.csv says
 * why it is none. So does a line there that is noticed, or that stands for nothing any more.
 * With --quick the slow tests are not asked, which is for writing tests by; --report writes down every mutant.
 *
 *     npm run mutants:ts [-- [<beginning of a path>] [--report <file>] [--quick]]
 */
import { appendFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Progress } from "../../../db/testing/progress.ts";
import { startTestServer } from "../../../db/testing/server.ts";
import { runProgram } from "../../../runtime/run_program.ts";
import { lineOf, nameOf, readAccepted } from "./accepted.ts";
import { Laboratory } from "./laboratory.ts";
import { type Mutant, mutantsOfFiles } from "./mutants.ts";
import { createRelated, sourcesOf } from "./related.ts";

export const project = fileURLToPath(new URL("../../..", import.meta.url));

export type Outcome = { mutant: Mutant; noticed: string | null };

/** What a mutant gets on top of what its tests take unbroken, three times over. */
const PATIENCE_MS = 60_000;

/**
 * Tries mutants in two copies of the project; needs the test server. First the compiler is asked, then the quick tests
 * about what it lets pass, then the slow tests.
 */
export async function tryMutants(
  mutants: Mutant[],
  {
    onOutcome = () => {},
    isQuick = false,
  }: { onOutcome?: (outcome: Outcome) => void; isQuick?: boolean } = {},
): Promise<Outcome[]> {
  const related = createRelated(project);
  const outcomes: Outcome[] = [];
  const settle = (mutant: Mutant, noticed: string | null) => {
    outcomes.push({ mutant, noticed });
    onOutcome({ mutant, noticed });
  };
  return await inLaboratories(async (laboratories) => {
    const [first] = laboratories;
    let left = first ? await first.compile(mutants, settle) : mutants;
    left = await askTests(laboratories, left, (file) => related(file).tests, settle);
    if (!isQuick) left = await askTests(laboratories, left, (file) => related(file).slow, settle);
    for (const mutant of left) settle(mutant, null);
    return outcomes;
  });
}

/** Two copies of the project, for as long as the work takes. */
export async function inLaboratories<T>(work: (laboratories: Laboratory[]) => Promise<T>): Promise<T> {
  const laboratories = Array.from(
    { length: Math.min(os.availableParallelism(), 2) },
    () => new Laboratory(project),
  );
  try {
    return await work(laboratories);
  } finally {
    await Promise.all(laboratories.map((laboratory) => laboratory.close()));
  }
}

/** Asks tests about mutants; answers the ones that nobody noticed. */
export async function askTests(
  laboratories: Laboratory[],
  mutants: Mutant[],
  testsOf: (file: string) => string[],
  settle: (mutant: Mutant, noticed: string) => void,
): Promise<Mutant[]> {
  const tests = new Map(mutants.map(({ file }) => [file, testsOf(file)]));
  const ms = await unbroken(laboratories, tests);
  const left = new Set(mutants);
  const waiting = [...mutants];
  await Promise.all(
    laboratories.map(async (laboratory) => {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const asked = tests.get(mutant.file) ?? [];
        const longestMs = PATIENCE_MS + 3 * asked.reduce((sum, test) => sum + (ms[test] ?? 0), 0);
        const { noticed } = await laboratory.ask(mutant, asked, longestMs);
        if (!noticed) continue;
        // Who noticed this one is likely to notice the next one.
        const who = asked.find((test) => noticed.startsWith(`${test}: `));
        if (who) tests.set(mutant.file, [who, ...asked.filter((test) => test !== who)]);
        left.delete(mutant);
        settle(mutant, noticed);
      }
    }),
  );
  return [...left];
}

/** How long each test takes while nothing is broken. One that fails then would notice everything. */
async function unbroken(
  laboratories: Laboratory[],
  tests: Map<string, string[]>,
): Promise<Record<string, number>> {
  const ms: Record<string, number> = {};
  const waiting = new Map([...tests].flatMap(([file, asked]) => asked.map((test) => [test, file] as const)));
  await Promise.all(
    laboratories.map(async (laboratory) => {
      for (const [test, file] of waiting) {
        waiting.delete(test);
        const report = await laboratory.ask(file, [test], 600_000);
        if (report.noticed) throw new Error(`fails while nothing is broken: ${report.noticed}`);
        Object.assign(ms, report.ms);
      }
    }),
  );
  return ms;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { report: { type: "string" }, quick: { type: "boolean" } },
  });
  const wanted = positionals[0] ?? "";
  const began = performance.now();
  const mutants = mutantsOfFiles(project, sourcesOf(project, wanted));
  const accepted = new Map(
    readAccepted()
      .filter(({ file }) => file.startsWith(wanted))
      .map((line) => [nameOf(line), line]),
  );
  const known = new Set(mutants.map(nameOf));
  const problems = [...accepted]
    .filter(([name]) => !known.has(name))
    .map(([name]) => `NO LONGER THERE ${name}`);

  if (values.report) writeFileSync(values.report, "");
  const { stop } = await startTestServer();
  const progress = new Progress(mutants.length);
  try {
    const outcomes = await tryMutants(mutants, {
      isQuick: values.quick ?? false,
      onOutcome: ({ mutant, noticed }) => {
        const isAccepted = accepted.has(nameOf(mutant));
        const where = `${path.join(mutant.file)}:${mutant.line}`;
        const problem =
          Boolean(noticed) === isAccepted &&
          (noticed ? `NOTICED, THOUGH ACCEPTED ${where}: ${noticed}` : `SURVIVED ${where}`);
        if (problem) {
          problems.push(`${problem}\n  ${lineOf(mutant)}`);
          console.log(problem); // at once, so that a run that is ended early was not for nothing
        }
        if (values.report) {
          appendFileSync(values.report, `${where}\t${noticed ?? "SURVIVED"}\t${lineOf(mutant)}\n`);
        }
        const far = progress.next();
        if (far) console.log(far);
      },
    });
    const areaOf = ({ mutant }: Outcome) =>
      mutant.file
        .split("/")
        .slice(0, 2)
        .join("/")
        .replace(/\/[^/]*\.ts$/, "");
    for (const [area, alike] of Map.groupBy(outcomes, areaOf)) {
      const noticed = alike.filter((outcome) => outcome.noticed).length;
      console.log(`${String(noticed).padStart(4)} of ${String(alike.length).padStart(4)}  ${area}`);
    }
    for (const problem of problems) console.log(problem);
    const survivors = outcomes.filter(({ noticed }) => !noticed).length;
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(
      `${outcomes.length} mutants, ${survivors} survived, ${accepted.size} accepted, ${problems.length} problems, ${seconds} s`,
    );
    process.exitCode = problems.length > 0 || outcomes.length === 0 ? 1 : 0;
  } finally {
    await stop();
  }
}

if (import.meta.main) await runProgram(main);
