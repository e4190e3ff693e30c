import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const begins = "restartix-composer-";

/** A folder for the renders of this process; what composers left behind that are gone is removed. */
export function openWorkFolder(within = os.tmpdir()): string {
  for (const name of readdirSync(within)) {
    const pid = new RegExp(`^${begins}(\\d+)-`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(within, name), { recursive: true, force: true });
  }
  return mkdtempSync(path.join(within, `${begins}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's
  }
}
