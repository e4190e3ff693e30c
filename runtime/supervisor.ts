import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "./folders.ts";
import { StartupError } from "./startup_error.ts";

/**
 * Makes the data folder and takes it for this process, so that two starts never share one.
 * Answers with what gives it back.
 */
export function takeFolder(dataDir: string): () => void {
  const file = path.join(dataDir, "supervisor.pid");
  const running = supervisorOf(dataDir);
  if (running) {
    throw new StartupError(
      `RestartiX runs already, as process ${running} with its data in ${dataDir}: stop it with Ctrl-C, or set DATA_DIR and the ports for a second one.`,
    );
  }
  try {
    makeFolder(dataDir);
    rmSync(file, { force: true });
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch (error) {
    throw new StartupError(
      `Cannot write to ${dataDir}: give this user write permission there, or set DATA_DIR to a folder of yours.`,
      { cause: error },
    );
  }
  return () => rmSync(file, { force: true });
}

/**
 * Tells the `npm start` of this folder that the schema changed, so that the API and the worker read it anew. Answers
 * whether there is one. In production processes are restarted by whoever runs them (docs/guides/operators.md).
 */
export function announceSchema(dataDir: string): boolean {
  const running = process.platform === "win32" ? undefined : supervisorOf(dataDir);
  return running !== undefined && process.kill(running, "SIGUSR2");
}

/** The process that has this folder; undefined when it was left behind. */
export function supervisorOf(dataDir: string): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(path.join(dataDir, "supervisor.pid"), "utf8"));
  } catch {
    return undefined;
  }
  return pid > 0 && /\bstart\.ts\b/.test(commandOf(pid)) ? pid : undefined;
}

/**
 * The command line of a process. Numbers of ended processes are given to new ones, so that one is alive says little.
 */
function commandOf(pid: number): string {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
