import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";
import { readText } from "../../runtime/line_ends.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import {
  changedSources,
  committedSources,
  handWritten,
  sourcesFile,
  sourcesIn,
  sourcesText,
} from "./current.ts";
import { dbFolder, identityOf, readSources, type Source } from "./sources.ts";
import { isBlank, withoutComments } from "./sql_text.ts";

/**
 * Copies the sources that differ from what is committed into migrations/current/900-sources.sql,
 * each after those it needs. Answers with their names.
 */
export function stage(folder: string = dbFolder): string[] {
  const problems = currentProblems(folder);
  if (problems.length > 0) throw new SourceError(problems.join("\n"));

  const changed = changedSources(folder);
  const file = path.join(folder, "migrations", "current", sourcesFile);
  if (changed.length === 0) {
    rmSync(file, { force: true });
  } else {
    const text = `${header}\n${sourcesText(changed)}`;
    makeFolder(path.dirname(file));
    if (!existsSync(file) || readText(file) !== text) writeFileSync(file, text);
  }
  return changed.map(({ name }) => name);
}

const header =
  "-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.\n";

/** What the files of migrations/current may not hold, and what must be added to them. */
export function currentProblems(folder: string = dbFolder): string[] {
  const hand = handWritten(folder);
  const sources = readSources(folder);
  const retired = new Set(hand.flatMap(({ sql }) => [...sourcesIn(sql).keys()].map(identityOf)));
  const present = new Set(sources.map(({ name }) => identityOf(name)));
  const deleted = [...committedSources(folder)]
    .filter(([identity, { text }]) => text !== undefined && !present.has(identity) && !retired.has(identity))
    .map(([, { name }]) => name);

  const creations = /\bcreate\s+(?:or\s+replace\s+)?(?:recursive\s+)?(function|procedure|policy|view)\b/gi;
  return [
    ...hand.flatMap(({ file, sql }) =>
      [...new Set([...withoutComments(sql).matchAll(creations)].map((match) => match[1]?.toLowerCase()))].map(
        (kind) => `db/${file} creates a ${kind}: that belongs in a file of db/functions or db/policies.`,
      ),
    ),
    ...hand.flatMap(({ file, sql }) =>
      referenceTablesWritten(sql, sources).map(
        (table) =>
          `db/${file} inserts into ${table}: its rows belong in a file of db/reference. If these do not, ` +
          'say why on the line above: "-- not in db/reference: …".',
      ),
    ),
    ...deleted.map(
      (name) =>
        `db/${name} is committed and was deleted: write its drop in a file of db/migrations/current, ` +
        `with the line "-- retired: ${name}".`,
    ),
  ];
}

/** Tables of the product's own rows that a hand-written file inserts into without a reason. */
function referenceTablesWritten(sql: string, sources: Source[]): string[] {
  const classified = /\bapp_private\.classify\(\s*'([\w.]+)',\s*'reference'/g;
  const tables = new Set(
    sources.flatMap(({ text }) => [...text.matchAll(classified)].map((match) => match[1])),
  );
  const unexplained = withoutComments(
    sql.replace(/^[ \t]*-- not in db\/reference: *\S.*\n\s*(?:insert\s+into|merge\s+into|copy)\b/gim, ""),
  );
  const written = unexplained.matchAll(/\b(?:insert\s+into|merge\s+into|copy)\s+(?:only\s+)?([\w."]+)/gi);
  const names = [...written].map((match) => (match[1] as string).replaceAll('"', "").toLowerCase());
  return [...new Set(names)].filter((name) => tables.has(name));
}

/** What stands between the sources and the committed migrations; empty when they agree. */
export function uncommitted(folder: string = dbFolder): string[] {
  return [
    ...currentProblems(folder),
    ...changedSources(folder).map(({ name }) => `db/${name} is not in a committed migration.`),
    ...handWritten(folder)
      .filter(({ sql }) => !isBlank(sql))
      .map(({ file }) => `db/${file} is not committed.`),
  ];
}

if (import.meta.main) {
  await runProgram(async () => {
    if (process.argv.includes("--check")) {
      const found = uncommitted();
      for (const line of found) console.error(line);
      if (found.length > 0) console.error('Run npm run db:commit -- "what changed".');
      return found.length > 0 ? 1 : 0;
    }
    const names = stage();
    for (const name of names) console.log(`staged db/${name}`);
    if (names.length === 0) console.log("Nothing to stage: every source is in a committed migration.");
    return 0;
  });
}
