import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { StartupError } from "./startup_error.ts";

/** Removes a folder with all that is in it. Tries again, because a server that is just ending still writes there. */
export function removeFolder(folder: string): void {
  for (let attempts = 0; attempts < 20 && existsSync(folder); attempts++) {
    if (attempts > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); // also works on exit
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
    }
  }
}

/**
 * Makes a folder and those above it, as `mkdir -p`; an existing one stays as it is. The mode is that of the folder itself:
 * whoever keeps a secret first closes its place, and not the data folder around it. Not `recursive` of Node: it never
 * comes back where a file system says of a new folder that it does not exist, as /proc does.
 */
export function makeFolder(folder: string, { mode }: { mode?: number } = {}): void {
  const wanted = path.resolve(folder);
  const there = statSync(wanted, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there) throw Object.assign(new Error(`${wanted} is a file`), { code: "ENOTDIR" });
  const parent = path.dirname(wanted);
  if (parent !== wanted) makeFolder(parent);
  try {
    mkdirSync(wanted, { ...(mode !== undefined && { mode }) });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(wanted, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** What the file system refuses becomes a StartupError with this one line. */
export function attempt<T>(message: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new StartupError(message, { cause: error });
  }
}
