/**
 * `npm run mutants`: breaks the catalog and the functions in every way that is known here, one at a time, and says what
 * nobody noticed. A survivor is a promise without a proof: it fails the run, unless survivors/ says why nobody could
 * notice. FND-05, FND-06, FND-10, FND-12.
 * `npm run mutants -- <kind, area or part of a name> …` tries some, `-- --sample` one of each kind, `-- --part 2/4` the
 * second of four parts that are about as long, for machines that share the work or have no hours for it; `-- --left`
 * those of functions that were not tried since they last changed (tried/), and `-- catalog` all that is not in a function.
 * VERBOSE=1 says which proof noticed each.
 */
import os from "node:os";
import { parseArgs } from "node:util";
import { runProgram } from "../../../runtime/run_program.ts";
import { Progress } from "../../testing/progress.ts";
import { startTestServer } from "../../testing/server.ts";
import { Memory } from "./memory.ts";
import { type Mutant, mutantsOf, sampleOf } from "./mutants.ts";
import type { Baselines } from "./order.ts";
import { Laboratory, NotBroken } from "./proofs.ts";
import { areaOf, asLine, type Survivor, writtenSurvivors } from "./survivors.ts";
import { Ledger } from "./tried.ts";

/** Who noticed; `impossible` says why the change could not be made. */
export type Outcome = { mutant: Mutant; noticed: string | undefined; impossible?: string };

/**
 * What is taken back stays in a database as dead rows, most of them in its catalog, and whatever is tried there becomes
 * slower: after some 4,000 mutants ten times. So a laboratory makes room for a new one after this many.
 */
const MUTANTS_PER_LABORATORY = 400;

/** Tries the mutants in as many databases as there are processors; each asks first what it says unbroken. */
export async function tryMutants(
  choose: (all: Mutant[], testsAbout: (mutant: Mutant) => number) => Mutant[],
  onOutcome: (outcome: Outcome) => void = () => {},
  databases = Math.min(os.availableParallelism(), 4),
): Promise<Outcome[]> {
  const memory = new Memory();
  const before: Baselines = new Map();
  const laboratories = await Promise.all(
    Array.from({ length: databases }, () => Laboratory.open(memory, before)),
  );
  const outcomes: Outcome[] = [];
  try {
    const [first] = laboratories;
    const waiting = first ? choose(await mutantsOf(first.client), (mutant) => first.testsAbout(mutant)) : [];
    await Promise.all(
      laboratories.map(async (opened, place) => {
        let laboratory = opened;
        let tried = 0;
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          if (++tried % MUTANTS_PER_LABORATORY === 0) {
            await laboratory.close();
            laboratory = await Laboratory.open(memory, before);
            laboratories[place] = laboratory;
          }
          const outcome = await outcomeOf(mutant, laboratory);
          outcomes.push(outcome);
          onOutcome(outcome);
        }
      }),
    );
  } finally {
    memory.save();
    await Promise.all(laboratories.map((laboratory) => laboratory.close()));
  }
  return outcomes;
}

async function outcomeOf(mutant: Mutant, laboratory: Laboratory): Promise<Outcome> {
  try {
    return { mutant, noticed: await laboratory.kill(mutant) };
  } catch (error) {
    if (!(error instanceof NotBroken)) throw error;
    return { mutant, noticed: undefined, impossible: error.message };
  }
}

/** What is wrong: survivors that nobody declared, declarations that do not hold, and what cannot be tried. */
export function problemsOf(
  outcomes: Outcome[],
  written: Survivor[],
  tried: (of: Survivor) => boolean,
): string[] {
  const isWritten = ({ kind, object }: Mutant) =>
    written.some((survivor) => survivor.kind === kind && survivor.object === object);
  const survived = outcomes
    .filter(({ noticed, impossible }) => !noticed && !impossible)
    .map(({ mutant }) => mutant);
  return [
    ...outcomes
      .filter(({ impossible }) => impossible)
      .map(({ mutant, impossible }) => `IMPOSSIBLE  ${asLine(mutant, "")}: ${impossible}`),
    ...survived.filter((mutant) => !isWritten(mutant)).map((mutant) => `SURVIVED  ${asLine(mutant, "")}`),
    ...written
      .filter(
        (line) =>
          tried(line) && !survived.some(({ kind, object }) => kind === line.kind && object === line.object),
      )
      .map(
        (line) =>
          `NOT SO    ${line.kind}: ${line.object} is written down as a survivor, and is noticed or gone`,
      ),
  ];
}

/** Which mutants a part holds: every n-th, so that those of one function, which take alike, are spread over the parts. */
export function partOf(part: string): (mutant: Mutant, place: number) => boolean {
  const [, one = 0, all = 0] = (/^(\d+)\/(\d+)$/.exec(part) ?? []).map(Number);
  if (one < 1 || one > all) throw new Error(`--part ${part}: say which of how many, such as 2/4.`);
  return (_, place) => place % all === one - 1;
}

async function main(): Promise<void> {
  const { positionals: wanted, values } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: "boolean" },
      left: { type: "boolean" },
      part: { type: "string", default: "1/1" },
    },
  });
  const isInPart = partOf(values.part);
  const began = performance.now();
  const { stop } = await startTestServer();
  const written = writtenSurvivors();
  let chosen = new Set<string>();
  let progress = new Progress(0);
  let ledger: Ledger | undefined;
  const isWhole = wanted.length === 0 && values.part === "1/1" && !values.sample && !values.left;
  const isWanted = (mutant: Mutant) =>
    wanted.length === 0 ||
    wanted.some(
      (word) =>
        mutant.kind === word ||
        mutant.object.includes(word) ||
        (areaOf(mutant) ?? (mutant.function ? "" : "catalog")) === word,
    );
  try {
    const outcomes = await tryMutants(
      (all, testsAbout) => {
        const tried = new Ledger(all);
        ledger = tried;
        const some = values.sample
          ? sampleOf(all, 1, testsAbout)
          : all
              .filter(isWanted)
              .filter((mutant) => !values.left || !tried.isTried(mutant))
              .filter(isInPart);
        chosen = new Set(some.map(({ kind, object }) => kind + object));
        console.log(`${some.length} of ${all.length} mutants`);
        progress = new Progress(some.length);
        return some;
      },
      (outcome) => {
        const { mutant, noticed } = outcome;
        if (noticed && process.env.VERBOSE)
          console.log(`noticed  ${mutant.kind}: ${mutant.object}\n         ${noticed}`);
        // Told at once, so that a run that is ended early was not for nothing.
        const told = problemsOf([outcome], written, () => false);
        for (const problem of told) console.log(problem);
        if (told.length === 0) ledger?.settle(mutant);
        const far = progress.next();
        if (far) console.log(far);
      },
    );
    for (const [kind, alike] of Map.groupBy(outcomes, ({ mutant }) => mutant.kind)) {
      const noticed = alike.filter((outcome) => outcome.noticed).length;
      console.log(`${String(noticed).padStart(4)} of ${String(alike.length).padStart(4)}  ${kind}`);
    }
    const problems = problemsOf(outcomes, written, (line) => isWhole || chosen.has(line.kind + line.object));
    for (const problem of problems) console.log(problem);
    const survivors = outcomes.filter(({ noticed }) => !noticed).length;
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(
      `${outcomes.length} mutants, ${survivors} survived, ${problems.length} of it not as written, ${seconds} s`,
    );
    process.exitCode = problems.length > 0 || outcomes.length === 0 ? 1 : 0;
  } finally {
    await stop();
  }
}

if (import.meta.main) await runProgram(main);
