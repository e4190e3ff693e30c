/**
 * A process that tries mutants in a copy of the project, one after the other: writes the changed source, runs the tests
 * until one fails, and writes the source back. Vitest stays up, since starting it takes longer than most tests. The file
 * itself is changed, because threads and processes that tests start read it, too.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { createVitest } from "vitest/node";

export type Order = { file: string; changed: string; tests: string[] };
/** Who noticed; null: nobody. */
export type Report = { noticed: string | null; ms: Record<string, number> };

const root = process.cwd();
const vitest = await createVitest("test", {
  root,
  config: path.join(root, "vitest.config.ts"),
  watch: false,
  bail: 1,
  maxWorkers: 1,
  reporters: [{}],
  // Nothing here takes as long as a promise that is never kept.
  testTimeout: 20_000,
  hookTimeout: 40_000,
});
await vitest.standalone();

process.on("message", async (order: Order) => process.send?.(await tryOut(order)));
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function tryOut({ file, changed, tests }: Order): Promise<Report> {
  const full = path.join(root, file);
  const source = readFileSync(full, "utf8");
  const ms: Record<string, number> = {};
  const write = (text: string) => {
    writeFileSync(full, text);
    vitest.invalidateFile(full);
  };
  write(changed);
  try {
    for (const test of tests) {
      const began = performance.now();
      const noticed = await failureOf(test);
      ms[test] = performance.now() - began;
      if (noticed) return { noticed, ms };
    }
    return { noticed: null, ms };
  } finally {
    write(source);
  }
}

/** The first test of a file that fails, if one does. */
async function failureOf(test: string): Promise<string | null> {
  const file = path.join(root, test);
  const project = vitest.projects.find((one) => one.matchesTestGlob(file));
  if (!project) throw new Error(`${test} is no test of any project`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([
    project.createSpecification(file),
  ]);
  // Those of earlier runs are among them.
  const module = testModules.find(({ moduleId }) => moduleId === file);
  const [failed] = module?.children.allTests("failed") ?? [];
  if (failed) return `${test}: ${failed.fullName}`;
  if (!module?.ok()) return `${test}: ${module?.errors()[0]?.message ?? "did not run"}`;
  if (unhandledErrors.length > 0) return `${test}: ${inspect(unhandledErrors[0]).replace(/\s+/g, " ")}`;
  return [...module.children.allTests("passed")].length > 0 ? null : `${test}: did not run`;
}
