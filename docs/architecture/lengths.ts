import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** A file is read at once: below this many lines. */
const most = 300;

/** What databases have run is as it was; a file that a program writes says so at its top. */
const committed = /^db\/migrations\/committed\//;
const written = /^(?:(?:--|\/\/|\/\*\*?| \*).*\n)*?(?:--|\/\/|\/\*\*?| \*).*\bdo not edit\b/;

/** Sources of the project, tests among them, as paths from its root. */
export function sourcesIn(root: string): string[] {
  const exclude = (name: string) => ["node_modules", ".data", ".git"].includes(path.basename(name));
  return globSync("**/*.{ts,tsx,sql}", { cwd: root, exclude }).map((name) => name.split(path.sep).join("/"));
}

export function tooLong(file: string, text: string): boolean {
  if (committed.test(file) || written.test(text)) return false;
  return text.trimEnd().split("\n").length >= most;
}

/** Written by hand, and longer than somebody reads at once. */
export function longFiles(root: string): string[] {
  return sourcesIn(root).filter((file) => tooLong(file, readFileSync(path.join(root, file), "utf8")));
}
