import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readText } from "../../runtime/line_ends.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { createTestDatabase, startTestServer } from "../testing/server.ts";
import { runPart, sourceParts } from "./current.ts";
import { withClient } from "./prepare.ts";
import { dbFolder, readSources } from "./sources.ts";

const file = path.join(dbFolder, "schema.snapshot.txt");

/**
 * The schema of a database as text: everything that migrations make, down to column grants, sorted,
 * so that a review of a migration is a review of a difference.
 */
export async function snapshot(url: string): Promise<string> {
  const sql = readFileSync(new URL("snapshot.sql", import.meta.url), "utf8");
  const { rows } = await withClient(url, (client) =>
    client.query<Record<"kind" | "object" | "fact", string>>(sql),
  );
  const lines: string[] = [];
  let heading = "";
  for (const { kind, object, fact } of rows) {
    if (`${kind} ${object}` !== heading) {
      heading = `${kind} ${object}`;
      lines.push("", heading);
    }
    lines.push(`  ${fact.replaceAll("\n", "\n    ")}`);
  }
  return `${["Written by npm run db:snapshot. What the migrations make, sorted.", ...lines].join("\n")}\n`;
}

/** The lines that differ, each with the heading it stands under; empty when the texts are the same. */
export function difference(before: string, after: string): string[] {
  const [old, now] = [headed(before), headed(after)];
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}

function headed(text: string): Set<string> {
  let heading = "";
  const lines = text.split("\n").flatMap((line) => {
    if (line.startsWith(" ")) return [`${heading}: ${line.trim()}`];
    heading = line;
    return [];
  });
  return new Set(lines);
}

/** Re-runs every source on a migrated database: a source that changes anything is not what was committed. */
async function rerunSources(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    for (const part of sourceParts(readSources())) await runPart(client, part);
  });
}

if (import.meta.main) {
  await runProgram(async () => {
    const shared = process.env.RESTARTIX_TEST_SERVER ? undefined : await startTestServer();
    try {
      const database = await createTestDatabase({ bare: true });
      const text = await snapshot(database.urls.admin);
      if (!process.argv.includes("--check")) {
        await database.drop();
        writeFileSync(file, text);
        console.log(`Wrote ${path.relative(process.cwd(), file)}.`);
        return 0;
      }

      if (!existsSync(file)) throw new SourceError("db/schema.snapshot.txt is missing: npm run db:snapshot.");
      const found = difference(readText(file), text);
      for (const line of found) console.error(line);
      if (found.length > 0)
        console.error("db/schema.snapshot.txt is not what the migrations make: npm run db:snapshot.");

      await rerunSources(database.urls.owner);
      const drift = difference(text, await snapshot(database.urls.admin));
      for (const line of drift) console.error(line);
      if (drift.length > 0) console.error("Running the sources again changes the migrated schema.");
      await database.drop();
      return found.length + drift.length > 0 ? 1 : 0;
    } finally {
      await shared?.stop();
    }
  });
}
