import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { readText } from "../../runtime/line_ends.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { withClient } from "./prepare.ts";
import { dbFolder, executable, holdsRows, identityOf, readSources, type Source } from "./sources.ts";
import { sqlError } from "./sql_error.ts";
import { isBlank } from "./sql_text.ts";

/** SQL to run as one piece, and the file a person edits to change it (relative to db). */
export type Part = { file: string; sql: string };

export const sourcesFile = "900-sources.sql";
const sourcesNumber = 900;

const begins = (name: string) => `-- source: ${name}`;
const ends = (name: string) => `-- end of source: ${name}`;

/** The text of 900-sources.sql: the sources between markers, so that the next stage can compare. */
export function sourcesText(sources: Source[]): string {
  return sourceParts(sources)
    .map(({ sql }) => sql)
    .join("\n");
}

/**
 * The sources as parts to run. Files with rows only say what there is to be: behind the last of a group of them, one
 * statement writes it.
 */
export function sourceParts(sources: Source[]): Part[] {
  return sources.flatMap((source, index) => {
    const part = { file: source.name, sql: sourceText(source) };
    const next = sources[index + 1];
    return holdsRows(source) && !(next && holdsRows(next)) ? [part, writeRows] : [part];
  });
}

const writeRows: Part = { file: "reference", sql: "select app_private.write_owned_rows();\n" };

function sourceText({ name, text }: Source): string {
  return `${begins(name)}\n${text}\n${ends(name)}\n${leavesRole(text) ? "reset role;\n" : ""}`;
}

/** A file that leaves the role set would make the engine the author of the next one. */
function leavesRole(text: string): boolean {
  const last = [...text.matchAll(/\b(set|reset)\s+(?:session\s+|local\s+)?role\b/gi)].at(-1);
  return last?.[1]?.toLowerCase() === "set";
}

/** The sources that a migration holds, by name; undefined for one it declares retired. */
export function sourcesIn(migration: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const [, name] of migration.matchAll(/^-- retired: *(\S+) *$/gm)) found.set(name as string, undefined);
  for (const match of migration.matchAll(/^-- source: (\S+)\n([\s\S]*?)\n-- end of source: \1$/gm)) {
    found.set(match[1] as string, match[2]?.trim());
  }
  return found;
}

/** What a committed migration says of a source: its name then, and its text; none for one that was retired. */
export type CommittedSource = { name: string; text: string | undefined };

/** What is committed of each source, by its identity: the latest migration that has it wins. */
export function committedSources(folder: string = dbFolder): Map<string, CommittedSource> {
  const committed = path.join(folder, "migrations", "committed");
  const files = existsSync(committed) ? readdirSync(committed).filter((name) => name.endsWith(".sql")) : [];
  return new Map(
    files
      .sort()
      .flatMap((file) =>
        [...sourcesIn(readText(path.join(committed, file)))].map(
          ([name, text]) => [identityOf(name), { name, text }] as const,
        ),
      ),
  );
}

/** Sources that would run otherwise than what was last committed of them, in the order in which to run them. */
export function changedSources(folder: string = dbFolder): Source[] {
  const committed = committedSources(folder);
  return readSources(folder).filter(({ name, text }) => {
    const before = committed.get(identityOf(name))?.text;
    return before === undefined || executable(text) !== executable(before);
  });
}

/** The hand-written files of migrations/current, in order. */
export function handWritten(folder: string = dbFolder): (Part & { number: number })[] {
  const current = path.join(folder, "migrations", "current");
  if (!existsSync(current)) return [];
  const numbers = new Map<number, string>();
  return readdirSync(current)
    .filter((name) => name.endsWith(".sql") && !name.startsWith(".") && name !== sourcesFile)
    .map((name) => {
      const number = Number(/^([0-9]+)(-[-_a-zA-Z0-9]*)?\.sql$/.exec(name)?.[1]);
      const file = `migrations/current/${name}`;
      if (!number) throw new SourceError(`db/${file}: name it NNN-what-it-does.sql, with a number above 0.`);
      const other = number === sourcesNumber ? sourcesFile : numbers.get(number);
      if (other) throw new SourceError(`db/${file}: the number ${number} is taken by ${other}.`);
      numbers.set(number, name);
      return { number, file, sql: readText(path.join(current, name)) };
    })
    .sort((a, b) => a.number - b.number);
}

/** Everything that is not committed yet, as it would be after `npm run db:stage`. */
export function currentParts(folder: string = dbFolder): Part[] {
  const hand = handWritten(folder);
  return [
    ...hand.filter(({ number }) => number < sourcesNumber),
    ...sourceParts(changedSources(folder)),
    ...hand.filter(({ number }) => number > sourcesNumber),
  ].filter(({ sql }) => !isBlank(sql));
}

/**
 * Runs what is not committed yet as app_owner in one transaction, unless exactly that ran last.
 * Answers with the files that ran. Like `graphile-migrate watch --once`, whose table it shares, but
 * file by file: so an error names the file a person edits.
 */
export async function runCurrent(ownerUrl: string, folder: string = dbFolder): Promise<string[]> {
  const parts = currentParts(folder);
  const content = parts.map(({ sql }) => sql).join("\n");
  return withClient(ownerUrl, async (client) => {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(4727445306447283)"); // graphile-migrate's own lock
    const { rows } = await client.query(
      "select content from graphile_migrate.current where filename = 'current.sql'",
    );
    if ((rows[0]?.content ?? "") === content) {
      await client.query("rollback");
      return [];
    }
    for (const part of parts) await runPart(client, part);
    await client.query(
      `insert into graphile_migrate.current (content) values ($1)
       on conflict (filename) do update set content = excluded.content, date = now()`,
      [content],
    );
    await client.query("commit");
    return parts.map(({ file }) => file);
  });
}

/** Runs one file; what goes wrong is thrown as a SourceError. Leaves the transaction to the caller. */
export async function runPart(client: pg.Client, { file, sql }: Part): Promise<void> {
  // The two placeholders that graphile-migrate fills in; a URL without a database name does not get here.
  const text = sql
    .replace(/:DATABASE_NAME\b/g, client.database ?? "")
    .replace(/:DATABASE_OWNER\b/g, client.user ?? "");
  let completed = 0;
  const count = () => completed++;
  client.connection.on("commandComplete", count);
  try {
    await client.query(text);
  } catch (error) {
    const { line, text: said } = sqlError(error as pg.DatabaseError, text, completed);
    // The marker line that starts a staged source is not in the file itself.
    const marker = text.startsWith(begins(file)) ? 1 : 0;
    const again = /^42P0[4-7]$|^42710$|^42723$/.test((error as pg.DatabaseError).code ?? "")
      ? "\n  current/ runs again after every change: let the file drop first what it makes."
      : "";
    throw new SourceError(`db/${file}:${line - marker}: ${said}${again}`, { cause: error });
  } finally {
    client.connection.off("commandComplete", count);
  }
}
