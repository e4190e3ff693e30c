import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** How a test file that may share no process with others begins; the reason follows. */
export const ownProcess = "// A process of its own: ";
/** How the comment at the top of a test file goes on that starts processes; the reason follows. */
export const startsProcesses = "// Starts processes: ";

/** All test files of the project, relative to it. */
export function vitestFiles(): string[] {
  const isElsewhere = (name: string) => ["node_modules", ".data", ".git"].includes(path.basename(name));
  return globSync("**/*.test.ts", { cwd: project, exclude: isElsewhere })
    .map((name) => name.split(path.sep).join("/"))
    .sort();
}

/** Those that say on their first line why they need a process of their own. */
export function filesWithOwnProcess(files: string[] = vitestFiles()): string[] {
  return files.filter((name) => readFileSync(path.join(project, name), "utf8").startsWith(ownProcess));
}

/**
 * What waits longest for others, the longest first. A file of these that began last would run alone while the other
 * processors have nothing to do, and neither its size nor an empty cache tells how long it takes.
 */
export const longFiles: readonly string[] = [
  "server/tests/crossing/crossing.test.ts",
  "server/tests/chaos/chaos.test.ts",
  "db/tests/mutants/mutants.test.ts",
  "db/tests/scheduling/listing_agrees_with_the_oracle.test.ts",
  "server/tests/production/walk.test.ts",
  "server/tests/pages.test.ts",
  "server/tests/mutants/mutants.test.ts",
  "server/tests/commands.test.ts",
  "server/tests/process.test.ts",
  "server/tests/replica.test.ts",
  "db/tests/tooling/commit.test.ts",
  "server/tests/start/story.test.ts",
  "server/tests/crossing/right.test.ts",
  "server/tests/doors/floods.test.ts",
  "bench/tests/short.test.ts",
  "db/tests/tooling/dba_guide.test.ts",
];

/** The long ones first, of both kinds; then those with a process of their own, so that shared ones are kept to the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longFiles.indexOf(path.relative(project, moduleId).split(path.sep).join("/"));
      return at < 0 ? longFiles.length : at;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
