/**
 * `npm run mutants`: breaks the catalog in every way that mutants.ts knows, one at a time, and says which of them
 * nobody noticed. A survivor is a promise without a proof: it fails the run. FND-05, FND-06, FND-10, FND-12.
 */
import os from "node:os";
import { runProgram } from "../../bin/run_program.ts";
import { startTestServer } from "../../bin/testing.ts";
import { type Mutant, mutantsOf, sampleOf } from "./mutants.ts";
import { Laboratory } from "./proofs.ts";

export type Outcome = { mutant: Mutant; noticed: string | undefined };

/** Tries the mutants in as many databases as there are processors. */
export async function tryMutants(
  choose: (all: Mutant[]) => Mutant[],
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  const laboratories = await Promise.all(
    Array.from({ length: Math.min(os.availableParallelism(), 4) }, () => Laboratory.open()),
  );
  const outcomes: Outcome[] = [];
  try {
    const [first] = laboratories;
    const waiting = first ? choose(await mutantsOf(first.client)) : [];
    await Promise.all(
      laboratories.map(async (laboratory) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          const outcome = { mutant, noticed: await laboratory.kill(mutant) };
          outcomes.push(outcome);
          onOutcome(outcome);
        }
      }),
    );
  } finally {
    await Promise.all(laboratories.map((laboratory) => laboratory.close()));
  }
  return outcomes;
}

async function main(): Promise<void> {
  const wanted = process.argv[2];
  const began = performance.now();
  const { stop } = await startTestServer();
  try {
    const outcomes = await tryMutants(
      (all) =>
        wanted === "--sample" ? sampleOf(all, 1) : wanted ? all.filter(({ kind }) => kind === wanted) : all,
      ({ mutant, noticed }) => {
        if (!noticed) console.log(`SURVIVED  ${mutant.kind}: ${mutant.object}\n          ${mutant.sql}`);
        else if (process.env.VERBOSE)
          console.log(`noticed   ${mutant.kind}: ${mutant.object}\n          ${noticed}`);
      },
    );
    for (const [kind, alike] of Map.groupBy(outcomes, ({ mutant }) => mutant.kind)) {
      const noticed = alike.filter((outcome) => outcome.noticed).length;
      console.log(`${String(noticed).padStart(4)} of ${String(alike.length).padStart(4)}  ${kind}`);
    }
    const survivors = outcomes.filter(({ noticed }) => !noticed).length;
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${outcomes.length} mutants, ${survivors} survived, ${seconds} s`);
    process.exitCode = survivors > 0 || outcomes.length === 0 ? 1 : 0;
  } finally {
    await stop();
  }
}

if (import.meta.main) await runProgram(main);
