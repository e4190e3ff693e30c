import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readText } from "./line_ends.ts";
import { SourceError } from "./startup_error.ts";

/** The project's own db folder. Tests of the tooling work on copies. */
export const dbFolder = fileURLToPath(new URL("..", import.meta.url));

/** A re-runnable file of db/functions or db/policies. `name` is relative to db. */
export type Source = { name: string; text: string; requires: string[] };

/** All sources, each after those it requires, alphabetical otherwise. */
export function readSources(folder: string = dbFolder): Source[] {
  const sources = ["functions", "policies"]
    .flatMap((kind) => sqlFiles(path.join(folder, kind)))
    .map((file) => path.relative(folder, file).split(path.sep).join("/"))
    .sort()
    .map((name) => readSource(folder, name));
  return inOrder(sources);
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
  const requires = [...text.matchAll(/^-- requires: *(.+?) *$/gm)].map((match) => match[1] as string);
  return { name, text, requires };
}

function inOrder(sources: Source[]): Source[] {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const ordered = new Set<Source>();

  const visit = (source: Source, path: string[]) => {
    if (ordered.has(source)) return;
    if (path.includes(source.name)) {
      const cycle = [...path.slice(path.indexOf(source.name)), source.name];
      throw new SourceError(`Sources require each other in a circle: ${cycle.join(" -> ")}.`);
    }
    for (const name of [...source.requires].sort()) {
      const required = byName.get(name);
      if (!required) throw new SourceError(`db/${source.name} requires ${name}, and there is no db/${name}.`);
      visit(required, [...path, source.name]);
    }
    ordered.add(source);
  };
  for (const source of sources) visit(source, []);
  return [...ordered];
}
