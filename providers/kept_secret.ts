import { randomUUID } from "node:crypto";
import { chmodSync, linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../runtime/folders.ts";

/**
 * A secret of this machine: made once, kept in a file that only its owner reads. Several processes may come
 * first at once; whoever links the file wins, and all of them read the same.
 */
export function keptSecret(file: string, make: () => string): string {
  const existing = readIfThere(file);
  if (existing !== null) return existing;

  makeFolder(path.dirname(file), { mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  writeFileSync(draft, make(), { mode: 0o600, flag: "wx" });
  chmodSync(draft, 0o600); // whatever the umask
  try {
    linkSync(draft, file);
  } catch {
    // Somebody was faster; whatever else it was, reading says so.
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, "utf8");
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
