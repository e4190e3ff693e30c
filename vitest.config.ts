import os from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.data/**"],
    globalSetup: ["db/testing/vitest_setup.ts"],
    // Before anything a test imports, as every process has it first.
    setupFiles: ["server/graphile_env.ts"],
    // Tests start processes and databases of their own: a process each keeps them apart.
    pool: "forks",
    maxWorkers: Math.max(2, os.availableParallelism()), // much of it is waiting for other processes
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
