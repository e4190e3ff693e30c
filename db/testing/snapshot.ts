/**
 * Writes the schema that the migrations make into db/snapshot, an object a file: `npm run db:snapshot`.
 * With `--check` it compares instead, and runs every source again, which must change nothing.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";
import { readText } from "../../runtime/line_ends.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { runPart, sourceParts } from "../migrating/current.ts";
import { withClient } from "../migrating/prepare.ts";
import { dbFolder, readSources } from "../migrating/sources.ts";
import { createTestDatabase, startTestServer } from "./server.ts";
import { difference, type Snapshot, snapshot } from "./snapshot_text.ts";

export const snapshotFolder = path.join(dbFolder, "snapshot");

/** What is no object: it says what the folder is. */
const about = "README.md";

/** What is written in the folder; nothing when there is none. */
export function readSnapshot(folder: string): Snapshot {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((name) => name !== about);
  return new Map(files.sort().map((name) => [name, readText(path.join(folder, name))]));
}

/** Writes what differs, and removes the files of objects that are gone. Answers with the names of both. */
export function writeSnapshot(folder: string, now: Snapshot): { written: string[]; removed: string[] } {
  const before = readSnapshot(folder);
  const written = [...now].filter(([name, text]) => before.get(name) !== text);
  for (const [name, text] of written) {
    const file = path.join(folder, name);
    makeFolder(path.dirname(file));
    writeFileSync(file, text);
  }
  const removed = [...before.keys()].filter((name) => !now.has(name));
  for (const name of removed) {
    rmSync(path.join(folder, name));
    removeEmptyFolders(folder, path.dirname(name));
  }
  return { written: written.map(([name]) => name), removed };
}

function removeEmptyFolders(root: string, name: string): void {
  if (name === "." || readdirSync(path.join(root, name)).length > 0) return;
  rmSync(path.join(root, name), { recursive: true });
  removeEmptyFolders(root, path.dirname(name));
}

/** What is wrong with the folder, file by file: what is missing, left over or not what the migrations make. */
export function problemsOf(folder: string, now: Snapshot): string[] {
  const before = readSnapshot(folder);
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [written, made] = [before.get(name), now.get(name)];
    if (written === made) return [];
    if (written === undefined) return [`db/snapshot/${name} is missing.`];
    if (made === undefined)
      return [`db/snapshot/${name} is left over: the migrations make nothing of that name.`];
    const lines = difference(new Map([[name, written]]), new Map([[name, made]]));
    return [`db/snapshot/${name} is not what the migrations make:`, ...lines.map((line) => `  ${line}`)];
  });
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
      const database = await createTestDatabase({
        because: "the snapshot is read out of it, as migrations left it",
        bare: true,
      });
      const now = await snapshot(database.urls.admin);
      if (!process.argv.includes("--check")) {
        await database.drop();
        const { written, removed } = writeSnapshot(snapshotFolder, now);
        for (const name of removed) console.log(`Removed db/snapshot/${name}.`);
        console.log(`Wrote ${written.length} of ${now.size} files of db/snapshot.`);
        return 0;
      }

      const found = problemsOf(snapshotFolder, now);
      for (const line of found) console.error(line);
      if (found.length > 0)
        console.error("db/snapshot is not what the migrations make: npm run db:snapshot.");

      await rerunSources(database.urls.owner);
      const drift = difference(now, await snapshot(database.urls.admin));
      for (const line of drift) console.error(line);
      if (drift.length > 0) console.error("Running the sources again changes the migrated schema.");
      await database.drop();
      return found.length + drift.length > 0 ? 1 : 0;
    } finally {
      await shared?.stop();
    }
  });
}
