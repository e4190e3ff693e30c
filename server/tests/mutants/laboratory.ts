import { type ChildProcess, execFileSync, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Mutant, mutated } from "./mutants.ts";
import type { Order, Report } from "./slot.ts";

/** A copy of the project in which sources are broken, and the process that runs tests in it. */
export class Laboratory {
  readonly root: string;
  #slot: ChildProcess | undefined;

  constructor(project: string) {
    this.root = mkdtempSync(path.join(os.tmpdir(), "restartix-mutants-"));
    process.once("exit", this.#leave);
    for (const file of filesOf(project)) {
      mkdirSync(path.join(this.root, path.dirname(file)), { recursive: true });
      cpSync(path.join(project, file), path.join(this.root, file));
    }
    symlinkSync(path.join(project, "node_modules"), path.join(this.root, "node_modules"));
  }

  /** Which of these tests notices a mutant, or the clock; null: nobody. Of a file as it is, whether they pass. */
  async ask(broken: Mutant | string, tests: string[], longestMs: number): Promise<Report> {
    if (tests.length === 0) return { noticed: null, ms: {} };
    const file = typeof broken === "string" ? broken : broken.file;
    const source = readFileSync(path.join(this.root, file), "utf8");
    const changed = typeof broken === "string" ? source : mutated(source, broken);
    return await this.#ask({ file, changed, tests }, source, longestMs);
  }

  /**
   * Asks the compiler, which every change must pass, about mutants; answers the ones it lets pass. It takes seconds, so
   * it is asked about one mutant of every file at once.
   */
  compile(mutants: Mutant[], settle: (mutant: Mutant, noticed: string) => void): Mutant[] {
    const waiting = [...Map.groupBy(mutants, ({ file }) => file).values()].map((alike) => [...alike]);
    const passed: Mutant[] = [];
    for (;;) {
      const together = waiting.flatMap((alike) => alike.shift() ?? []);
      if (together.length === 0) return passed;
      const errors = this.#errorsOf(together);
      for (const mutant of together) {
        const error = errors.get(mutant);
        if (error) settle(mutant, `tsc: ${error}`);
        else passed.push(mutant);
      }
    }
  }

  #errorsOf(together: Mutant[]): Map<Mutant, string> {
    const found = this.#compiled(together);
    const errors = new Map<Mutant, string>();
    for (const mutant of together) {
      const error = found.get(mutant.file);
      if (error) errors.set(mutant, error);
      found.delete(mutant.file);
    }
    const [elsewhere] = found.values();
    const rest = together.filter((mutant) => !errors.has(mutant));
    const [only] = rest;
    if (!elsewhere || !only) return errors;
    // An error in another file is that of one of the rest.
    if (together.length === 1) return errors.set(only, elsewhere);
    const half = Math.ceil(rest.length / 2);
    for (const part of [rest.slice(0, half), rest.slice(half)]) {
      for (const [mutant, error] of part.length > 0 ? this.#errorsOf(part) : []) errors.set(mutant, error);
    }
    return errors;
  }

  /** The first error of each file while these mutants are there, one of a file. */
  #compiled(mutants: Mutant[]): Map<string, string> {
    const sources = mutants.map(({ file }) => readFileSync(path.join(this.root, file), "utf8"));
    for (const [place, mutant] of mutants.entries()) {
      writeFileSync(path.join(this.root, mutant.file), mutated(sources[place] ?? "", mutant));
    }
    const tsc = path.join(this.root, "node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["--noEmit"], { cwd: this.root, encoding: "utf8" });
    for (const [place, { file }] of mutants.entries()) {
      writeFileSync(path.join(this.root, file), sources[place] ?? "");
    }
    const errors = [...stdout.matchAll(/^(.*?)\(\d+,\d+\): (error .*)$/gm)].reverse();
    return new Map(errors.map(([, file = "", error = ""]) => [file, error]));
  }

  async #ask(order: Order, source: string, longestMs: number): Promise<Report> {
    this.#slot ??= await startSlot(this.root);
    const slot = this.#slot;
    slot.send(order);
    try {
      const [report] = await once(slot, "message", { signal: AbortSignal.timeout(Math.ceil(longestMs)) });
      return report;
    } catch {
      // With all that its tests have started.
      await this.#end();
      writeFileSync(path.join(this.root, order.file), source);
      return { noticed: "no end in sight", ms: {} };
    }
  }

  /** Told to stop, nothing is left behind. */
  #leave = () => {
    if (this.#slot?.pid) process.kill(-this.#slot.pid, "SIGKILL");
    rmSync(this.root, { recursive: true, force: true });
  };

  async #end(): Promise<void> {
    const slot = this.#slot;
    this.#slot = undefined;
    if (!slot?.pid || slot.exitCode !== null) return;
    const ended = once(slot, "exit");
    process.kill(-slot.pid, "SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.#end();
    process.off("exit", this.#leave);
    this.#leave();
  }
}

/** What the project consists of: what git keeps or would keep. */
function filesOf(project: string): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  return listed.split("\0").filter((file) => file !== "" && existsSync(path.join(project, file)));
}

/** In a process group of its own, so that it can be ended with everything that tests start. */
async function startSlot(root: string): Promise<ChildProcess> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  const slot = fork(path.join(root, "server/tests/mutants/slot.ts"), {
    cwd: root,
    env: { ...env, NODE_ENV: "test" },
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(slot, "message", { signal: AbortSignal.timeout(60_000) });
  return slot;
}
