/**
 * Shows how what holds in the database differs from what was decided: `npm run decide`.
 * With `-- --write` it takes what holds as decided. Read the difference first: every line is somebody's right.
 */
import { runProgram } from "../../../runtime/run_program.ts";
import { withClient } from "../../migrating/prepare.ts";
import { createTestDatabase, startTestServer } from "../../testing/server.ts";
import { kinds, observe } from "./decisions.ts";
import { asText, readDecided, strayFiles, writeDecided } from "./files.ts";

async function main(): Promise<number> {
  const write = process.argv.includes("--write");
  const stray = strayFiles();
  for (const problem of stray) console.error(problem);
  let wrong = stray.length;
  const { stop } = await startTestServer();
  try {
    const { urls } = await createTestDatabase({
      because: "the matrix tries every statement on rows that are committed",
    });
    await withClient(urls.admin, async (client) => {
      await client.query("begin");
      await client.query("select tests.two_clinics()");
      for (const kind of kinds) {
        const { lines, problems } = readDecided(kind);
        for (const problem of problems) console.error(problem);
        if (!write) wrong += problems.length;
        const observed = await observe(client, kind);
        const texts = (of: typeof lines) => of.map((line) => asText(kind, line));
        for (const line of difference(texts(lines), texts(observed))) console.log(line);
        if (!write) continue;
        for (const file of writeDecided(kind, observed))
          console.log(`db/tests/rls/${file} is written: review it with git diff`);
      }
      await client.query("rollback");
    });
  } finally {
    await stop();
  }
  return wrong > 0 ? 1 : 0;
}

function difference(before: string[], after: string[]): string[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].sort((a, b) => a.slice(2).localeCompare(b.slice(2)) || b.localeCompare(a));
}

await runProgram(main);
