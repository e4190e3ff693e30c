import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
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
import { text } from "node:stream/consumers";
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
   * it is asked about all of them at once: each is a file of its own beside the source.
   */
  async compile(mutants: Mutant[], settle: (mutant: Mutant, noticed: string) => void): Promise<Mutant[]> {
    const copies = new Map(
      mutants.map((mutant, n) => [mutant.file.replace(/\.ts$/, `.mutant_${n}.ts`), mutant] as const),
    );
    for (const [copy, mutant] of copies) {
      const source = readFileSync(path.join(this.root, mutant.file), "utf8");
      writeFileSync(path.join(this.root, copy), mutated(source, mutant));
    }
    const tsc = path.join(this.root, "node_modules/.bin/tsc");
    const child = spawn(tsc, ["--noEmit"], { cwd: this.root, stdio: ["ignore", "pipe", "inherit"] });
    const said = await text(child.stdout);
    for (const copy of copies.keys()) rmSync(path.join(this.root, copy));

    const left = new Set(mutants);
    for (const [, copy = "", error] of said.matchAll(/^(\S+)\(\d+,\d+\): (error .*)$/gm)) {
      const mutant = copies.get(copy);
      if (!mutant) throw new Error(`does not compile while nothing is broken: ${copy}: ${error}`);
      if (left.delete(mutant)) settle(mutant, `tsc: ${error}`);
    }
    return [...left];
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
