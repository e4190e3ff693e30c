import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";
import { readText } from "../../runtime/line_ends.ts";
import { refuseInProduction } from "../../runtime/production.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { handWritten, sourcesFile } from "./current.ts";
import { openDatabase } from "./open_database.ts";
import { withClient } from "./prepare.ts";
import { dbFolder } from "./sources.ts";
import { isBlank } from "./sql_text.ts";

/**
 * Takes the last committed migration back while nobody else has run it: its hand-written files return to
 * migrations/current, its sources are in db/functions, db/policies and db/reference anyway. Answers with the migration's file name and
 * its hash. Refuses with a SourceError when there is none, or when migrations/current holds something.
 */
export function uncommit(folder: string = dbFolder): { file: string; hash: string } {
  const committed = path.join(folder, "migrations", "committed");
  const file = existsSync(committed)
    ? readdirSync(committed)
        .filter((name) => name.endsWith(".sql"))
        .sort()
        .at(-1)
    : undefined;
  if (!file) throw new SourceError("There is no committed migration.");
  const inTheWay = handWritten(folder).find(({ sql }) => !isBlank(sql));
  if (inTheWay)
    throw new SourceError(`db/${inTheWay.file} is not committed: commit it or move it away first.`);

  const text = readText(path.join(committed, file));
  const hash = /^--! Hash: (\S+)$/m.exec(text)?.[1] ?? "";
  const current = path.join(folder, "migrations", "current");
  makeFolder(current);
  for (const [name, sql] of filesOf(text))
    if (name !== sourcesFile) writeFileSync(path.join(current, name), sql);
  rmSync(path.join(committed, file));
  return { file, hash };
}

/** The files of migrations/current that a committed migration was made of. */
function filesOf(text: string): [name: string, sql: string][] {
  const body = text.slice(text.indexOf("\n\n") + 2);
  const [, ...parts] = body.split(/^--! split: (\S+)\n/m);
  if (parts.length === 0) return [["001-current.sql", body]];
  return Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i] ?? "", parts[2 * i + 1] ?? ""]);
}

/** Takes it back, and lets a database forget that it ran it, so that current runs there again: both or neither. */
export async function uncommitWith(ownerUrl: string, folder: string = dbFolder): Promise<string> {
  return withClient(ownerUrl, async (client) => {
    // A database that never ran a migration has nothing to forget, nor a table of those it ran.
    const { rows } = await client.query(
      "select to_regclass('graphile_migrate.migrations') is not null as remembers",
    );
    await client.query("begin"); // a failure ends the connection, and with it this
    const { file, hash } = uncommit(folder);
    if (rows[0].remembers)
      await client.query("delete from graphile_migrate.migrations where hash = $1", [hash]);
    await client.query("commit");
    return file;
  });
}

if (import.meta.main) {
  await runProgram(async () => {
    refuseInProduction("npm run db:uncommit");
    const { urls, close } = await openDatabase({ join: true });
    try {
      const file = await uncommitWith(urls.owner);
      console.log(`${file} is in db/migrations/current again. Only while no other database has run it.`);
    } finally {
      await close();
    }
    return 0;
  });
}
