import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { StartupError } from "../../runtime/startup_error.ts";

/** postmaster.pid holds, line by line: pid, data folder, start time, port, socket folder, address, key, status. */
export function readPostmaster(dataDir: string): { pid: number; port: number; status: string } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path.join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new StartupError(`${dataDir} belongs to another user: run as that user, or move the folder away.`, {
      cause: error,
    });
  }
  const pid = Math.abs(Number(lines[0]));
  return pid ? { pid, port: Number(lines[3]), status: (lines[7] ?? "").trim() } : undefined;
}

/** Who started the server last, as startEmbedded wrote it down. */
export function readStarter(dataDir: string): { pid: number; socketDir: string } | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, "starter.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Process numbers are reused (after a container restart at once), so a live number is not enough. */
export function isPostgres(pid: number): boolean {
  if (process.platform === "linux") {
    return path.basename(commandLine(pid).split("\0")[0] ?? "") === "postgres";
  }
  if (process.platform === "win32") return isAlive(pid);
  return /postgres/.test(spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout);
}

/** The process that started this one, or the system's first after that one has ended. */
export function parentOf(pid: number): number | undefined {
  try {
    if (process.platform === "linux") {
      return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    }
    return Number(spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).stdout);
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  // A killed process that nobody has reaped still has its number, but no command line.
  if (process.platform === "linux") return commandLine(pid) !== "";
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux only; empty when there is no such process. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
