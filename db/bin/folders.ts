import { existsSync, rmSync } from "node:fs";
import { StartupError } from "./startup_error.ts";

/** Tries again, because a server that is just ending still writes into its folders. */
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

/** What the file system refuses becomes a StartupError with this one line. */
export function attempt<T>(message: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new StartupError(message, { cause: error });
  }
}
