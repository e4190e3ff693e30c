import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.data/**"],
    globalSetup: ["db/bin/vitest_setup.ts"],
    // Tests start processes and databases of their own: a process each keeps them apart.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
