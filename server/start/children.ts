import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";
import { StartupError } from "../../runtime/startup_error.ts";

export type ChildOptions = {
  name: string;
  /** The program, from the project's folder. */
  file: string;
  env: NodeJS.ProcessEnv;
  /** What it prints is kept here. */
  log: string;
  /** Told when it crashed and will be started again. */
  onCrash(line: string): void;
};

export type Child = {
  /** Settles when it has said that it is up; throws a StartupError when it ended before. */
  ready: Promise<void>;
  pid(): number | undefined;
  /** Ends it in good order and starts it again. */
  restart(): void;
  stop(): Promise<void>;
};

const project = path.join(import.meta.dirname, "..", "..");
const firstPause = 500;
const longestPause = 30_000;
const graceMs = 12_000; // longer than any of them gives its own work to finish

/**
 * Keeps a program running: one that crashes is started again, after a pause that doubles while it keeps
 * crashing. The channel between us tells it when we are gone, however we went, and then it ends too.
 */
export function startChild({ name, file, env, log, onCrash }: ChildOptions): Child {
  let child: ChildProcess;
  let stopping = false;
  let restarting = false;
  let wasReady = false;
  let pause = firstPause;
  let again: NodeJS.Timeout | undefined;
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();

  const run = (flags: "w" | "a") => {
    makeFolder(path.dirname(log));
    const output = openSync(log, flags, 0o600);
    const startedAt = Date.now();
    child = fork(path.join(project, file), { cwd: project, env, stdio: ["ignore", output, output, "ipc"] });
    closeSync(output);
    child.once("message", () => {
      wasReady = true;
      resolve();
    });
    child.once("exit", (code, signal) => {
      if (stopping) return;
      if (restarting) {
        restarting = false;
        run("a");
        return;
      }
      if (!wasReady) {
        reject(new StartupError(`${name} did not start: ${lastWords(log) ?? signal ?? `code ${code}`}`));
        return;
      }
      if (Date.now() - startedAt > 2 * longestPause) pause = firstPause;
      onCrash(
        `${name} ended (${signal ?? `code ${code}`}) and is started again in ${pause / 1000} s; its log is ${log}.`,
      );
      again = setTimeout(run, pause, "a");
      pause = Math.min(pause * 2, longestPause);
    });
  };
  run("w");

  return {
    ready,
    pid: () => child.pid,
    restart() {
      if (stopping || !wasReady) return;
      restarting = child.kill("SIGTERM"); // one that waits to be started again after a crash is started anyway
    },
    async stop() {
      stopping = true;
      clearTimeout(again);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const slow = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(slow);
    },
  };
}

/** Programs that cannot start say why in one line, the last they write. */
function lastWords(log: string): string | undefined {
  return readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .findLast((line) => line.trim() !== "" && !/^\s+at /.test(line));
}
