import { chmodSync, mkdtempSync, readdirSync, statfsSync } from "node:fs";
import path from "node:path";
import { removeFolder } from "../../runtime/folders.ts";
import { isAlive } from "../embedded/postmaster.ts";

/** Where Linux keeps files in memory. */
const memory = "/dev/shm";
const prefix = "restartix-tests-";
/** What a run of all tests needs at most, and what has to be left to its processes. */
const room = 4 * 2 ** 30;
const leftToProcesses = 4 * 2 ** 30;

/**
 * Lets this process and those that it starts keep temporary files in memory, where there is room: a test database is two
 * thousand files, and to make a file on a disk can cost the processor ten times as much. Removed when this process ends;
 * what a killed one left, the next one removes. Whoever sets TMPDIR has them there.
 */
export function keepFilesInMemory(): void {
  if (process.env.TMPDIR || !hasRoom()) return;
  for (const name of readdirSync(memory).filter((entry) => entry.startsWith(prefix)))
    if (!isAlive(Number(name.slice(prefix.length).split("-")[0]))) removeFolder(path.join(memory, name));
  const folder = mkdtempSync(path.join(memory, `${prefix}${process.pid}-`));
  chmodSync(folder, 0o1777); // the database server's user makes files there, too
  process.env.TMPDIR = folder;
  process.once("exit", () => removeFolder(folder));
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= room && process.availableMemory() >= room + leftToProcesses;
  } catch {
    return false; // no such folder: not Linux
  }
}
