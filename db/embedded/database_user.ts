import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The operating system user a database server runs as. */
export type DatabaseUser = { name: string; uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root, so root hands the server to an unprivileged user: whoever owns
 * the data already, else `postgres`, else `nobody`. Anybody else runs the server as themselves:
 * then there is nothing to change, and the answer is undefined.
 */
export function databaseUser(dataDir: string): DatabaseUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(dataDir);
  if (owner && owner.uid !== 0) return owner;
  return named("postgres") ?? named("nobody") ?? { name: "nobody", uid: 65534, gid: 65534 };
}

/**
 * The first folder on the way to `target` that the user may not enter, or the target itself when
 * it may not be read; undefined when the way is free. Reads permission bits only, which is what
 * decides on the folders people keep projects in.
 */
export function blockedFolder(target: string, user: DatabaseUser | undefined): string | undefined {
  if (!user) return undefined;
  const way = ancestors(path.resolve(target));
  return way.find((folder) => !mayEnter(folder, user));
}

/** A temporary folder that the user can reach: TMPDIR may be private to root. */
export function temporaryFolder(user: DatabaseUser | undefined): string {
  return blockedFolder(os.tmpdir(), user) ? "/tmp" : os.tmpdir();
}

function mayEnter(folder: string, user: DatabaseUser): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return true;
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
  return ((stats.mode >> shift) & 0o1) !== 0;
}

function ancestors(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}

function ownerOf(folder: string): DatabaseUser | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats && { name: `user ${stats.uid}`, uid: stats.uid, gid: stats.gid };
}

function named(name: string): DatabaseUser | undefined {
  const id = (flag: string) =>
    Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { name, uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}
