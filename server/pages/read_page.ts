import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** What `npm run web:build` made of `web/`. */
export const built = path.join(import.meta.dirname, "..", "..", "web", "dist");

/** Whether there is anything to serve. */
export function pagesAreMade(): boolean {
  return existsSync(built);
}

/** Read anew each time: `npm start` makes the pages again when their sources change. */
export function readPage(folder: string): string | undefined {
  return readBuilt("pages", folder, "index.html");
}

/** A file of what was made; undefined where it was not. */
export function readBuilt(...names: string[]): string | undefined {
  try {
    return readFileSync(path.join(built, ...names), "utf8");
  } catch {
    return undefined;
  }
}
