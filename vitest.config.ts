import os from "node:os";
import { defineConfig } from "vitest/config";
import { filesWithOwnProcess, LongestFirst, vitestFiles } from "./db/testing/vitest_files.ts";

const alone = filesWithOwnProcess();

export default defineConfig({
  test: {
    globalSetup: ["db/testing/vitest_setup.ts"],
    // Before anything a test imports, as every process has it first.
    setupFiles: ["server/graphile_env.ts"],
    pool: "forks",
    maxWorkers: os.availableParallelism() + 1, // much of it is waiting: for clocks, and for other processes
    sequence: { sequencer: LongestFirst },
    // Only against what never ends: a machine that is busy with other work may take ten times as long as a quiet one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    // Starting a process and loading the server into it costs more than most files do, so files share processes,
    // one after the other, unless their first line says why not.
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          isolate: false,
          include: vitestFiles().filter((name) => !alone.includes(name)),
        },
      },
      { extends: true, test: { name: "alone", include: alone } },
    ],
  },
});
