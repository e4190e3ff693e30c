import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dbFolder } from "../../migrating/sources.ts";
import type { Mutant } from "./mutant.ts";

const file = path.join(dbFolder, "../node_modules/.cache/restartix/mutants.json");

/** So many new answers are lost at most when a run is ended early. */
const savedEvery = 100;

/**
 * Which proof noticed each mutant the last time, by name. It is asked first the next time, which makes a second run
 * several times faster; nothing is believed for being remembered. Kept beside the packages, where caches belong.
 */
export class Memory {
  readonly #noticedBy: Map<string, string>;
  #unsaved = 0;

  constructor() {
    this.#noticedBy = new Map(Object.entries(read()));
  }

  whoNoticed(mutant: Mutant): string | undefined {
    return this.#noticedBy.get(keyOf(mutant));
  }

  remember(mutant: Mutant, proof: string): void {
    if (this.whoNoticed(mutant) === proof) return;
    this.#noticedBy.set(keyOf(mutant), proof);
    if (++this.#unsaved >= savedEvery) this.save();
  }

  save(): void {
    if (this.#unsaved === 0) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(Object.fromEntries(this.#noticedBy)));
    this.#unsaved = 0;
  }
}

function keyOf({ kind, object }: Mutant): string {
  return `${kind}: ${object}`;
}

function read(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {}; // the first run, or one that was ended as it wrote
  }
}
