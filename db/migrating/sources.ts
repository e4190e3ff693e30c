import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readText } from "../../runtime/line_ends.ts";
import { SourceError } from "../../runtime/startup_error.ts";
import { inOrder, type Source } from "./order.ts";

export type { Source } from "./order.ts";

/** The project's own db folder. Tests of the tooling work on copies. */
export const dbFolder = fileURLToPath(new URL("..", import.meta.url));

/** The folders that hold sources. */
export const sourceFolders = ["functions", "policies", "reference"];

/**
 * The groups in which sources run. Policies say what a table holds, by classes and retentions, which are rows
 * themselves: these are there before; all other rows come to tables that have their policies and triggers.
 */
const groups = [
  /^functions\//,
  /^reference\/classification\//,
  /^policies\//,
  /^reference\/(?!classification\/)/,
];

/** All sources by group, each after those whose functions it needs, alphabetical otherwise. */
export function readSources(folder: string = dbFolder): Source[] {
  const names = sourceFolders
    .flatMap((kind) => sqlFiles(path.join(folder, kind)))
    .map((file) => path.relative(folder, file).split(path.sep).join("/"))
    .sort();
  const sources = groups.flatMap((group) =>
    inOrder(names.filter((name) => group.test(name)).map((name) => readSource(folder, name))),
  );
  const named = new Map<string, string>();
  for (const { name } of sources) {
    const other = named.get(identityOf(name));
    if (other)
      throw new SourceError(`db/${name} has the same name as db/${other}: two areas, one file name.`);
    named.set(identityOf(name), name);
  }
  return sources;
}

/** True for a file that holds rows. */
export function holdsRows({ name }: Source): boolean {
  return name.startsWith("reference/");
}

/** What a source is known by: its kind and file name, so that a file may move to another area as it is. */
export function identityOf(name: string): string {
  return `${name.slice(0, name.indexOf("/"))}/${path.basename(name)}`;
}

/** What of a source is run: all below the comment at its top, which may be rewritten freely. */
export function executable(text: string): string {
  return text.replace(/^(?:\s|--[^\n]*(?:\n|$))*/, "").trim();
}

/** The SQL files below a folder, sorted; none when the folder is not there. */
export function sqlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sql") && !path.basename(name).startsWith("."))
    .sort()
    .map((name) => path.join(folder, name));
}

function readSource(folder: string, name: string): Source {
  const text = readText(path.join(folder, name)).trim();
  if (/^--!/m.test(text)) {
    throw new SourceError(`db/${name}: a line starting with --! is an instruction to graphile-migrate.`);
  }
  const placeholder = /:DATABASE_(NAME|OWNER)\b/.exec(text);
  if (placeholder) {
    throw new SourceError(
      `db/${name}: graphile-migrate would replace ${placeholder[0]}; use current_database().`,
    );
  }
  return { name, text };
}
