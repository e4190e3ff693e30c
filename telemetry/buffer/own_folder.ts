import { randomUUID } from "node:crypto";
import { globSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";

/** What tells one process from all that had its number before: the number, and when it began. */
type Owner = { pid: number; began: string };

const OWNER = "owner.json";

/**
 * The folder of this process among those of all that use the same buffer on this machine. It is there at once with its
 * owner's name in it, so that nobody takes it for a folder of the dead.
 */
export class OwnFolder {
  readonly name = randomUUID();
  readonly folder: string;
  readonly #all: string;

  constructor(all: string) {
    this.#all = all;
    this.folder = path.join(all, this.name);
    makeFolder(all, { mode: 0o700 });
    const draft = path.join(all, `.${this.name}`);
    makeFolder(draft, { mode: 0o700 });
    const owner: Owner = { pid: process.pid, began: beganOf(process.pid) ?? "" };
    writeFileSync(path.join(draft, OWNER), JSON.stringify(owner), { mode: 0o600 });
    renameSync(draft, this.folder);
  }

  /**
   * Moves what processes left that are gone into this folder, and names the files. Two that begin at the same time both
   * try; a folder can be moved only once. Files have names of their own, so none stands in another's way.
   */
  takeOver(): string[] {
    for (const name of readdirSync(this.#all)) {
      if (name === this.name || name.startsWith(".") || isAlive(path.join(this.#all, name))) continue;
      try {
        renameSync(path.join(this.#all, name), path.join(this.folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    // Deeper ones are of a process that ended while it did the same.
    const found = globSync("*/**/*.{segment,marks}", { cwd: this.folder }).map((file) => {
      const moved = path.join(this.folder, path.basename(file));
      renameSync(path.join(this.folder, file), moved);
      return moved;
    });
    for (const entry of readdirSync(this.folder, { withFileTypes: true })) {
      if (entry.isDirectory()) rmSync(path.join(this.folder, entry.name), { recursive: true });
    }
    return found;
  }

  /** Whoever comes next may have what is in it; an empty one is removed. */
  leave(): void {
    rmSync(path.join(this.folder, OWNER), { force: true });
    if (readdirSync(this.folder).length === 0) rmSync(this.folder, { recursive: true });
  }
}

/** Whether the process is there that a folder belongs to. */
function isAlive(folder: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(path.join(folder, OWNER), "utf8")) as Owner;
    process.kill(owner.pid, 0);
    const began = beganOf(owner.pid);
    return began === null || began === owner.began;
  } catch (error) {
    // Another user's process is one too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process began, in ticks of this machine; null where nobody says so. */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program is in brackets, and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
