/**
 * Shows how what holds in the database differs from what was decided: `npm run decide`.
 * With `-- --write` it takes what holds as decided. Read the difference first: every line is somebody's right.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../../runtime/run_program.ts";
import { withClient } from "../../migrating/prepare.ts";
import { createTestDatabase, startTestServer } from "../../testing/server.ts";
import { fileOf, kinds, observe, readDecisions } from "./decisions.ts";

async function main(): Promise<void> {
  const write = process.argv.includes("--write");
  const { stop } = await startTestServer();
  try {
    const { urls } = await createTestDatabase();
    await withClient(urls.admin, async (client) => {
      await client.query("begin");
      await client.query("select tests.two_clinics()");
      for (const kind of kinds) {
        const file = fileURLToPath(fileOf(kind));
        const decided = existsSync(file) ? readDecisions(kind) : "";
        const observed = await observe(client, kind);
        for (const line of difference(decided, observed)) console.log(line);
        if (write && decided !== observed) {
          writeFileSync(file, observed);
          console.log(`${kind}.csv is written: review it with git diff`);
        }
      }
      await client.query("rollback");
    });
  } finally {
    await stop();
  }
}

function difference(before: string, after: string): string[] {
  const old = before.split("\n");
  const now = after.split("\n");
  const gone = old.filter((line) => line !== "" && !now.includes(line)).map((line) => `- ${line}`);
  const come = now.filter((line) => line !== "" && !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].sort((a, b) => a.slice(2).localeCompare(b.slice(2)) || b.localeCompare(a));
}

await runProgram(main);
