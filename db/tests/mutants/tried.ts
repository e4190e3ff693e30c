import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dbFolder } from "../../migrating/sources.ts";
import type { Mutant } from "./mutant.ts";
import { areaOf } from "./survivors.ts";

/** Of which definition of a function how many mutants were tried, each noticed or declared a survivor. */
type Tried = { definition: string; mutants: number };

/**
 * Functions that were tried whole since they last changed, in `tried/<area>.csv`: whoever has an hour goes on where the
 * last one stopped (`--left`). A function that changes, or of which more can be broken, is to be tried again. A test that
 * is taken away is not told here: a run without `--left` believes nothing.
 */
export class Ledger {
  readonly #folder: string;
  readonly #tried = new Map<string, Map<string, Tried>>();
  readonly #wanted = new Map<string, Tried & { area: string }>();
  readonly #settled = new Map<string, number>();

  constructor(all: Mutant[], folder = path.join(dbFolder, "tests", "mutants", "tried")) {
    this.#folder = folder;
    for (const file of existsSync(folder) ? readdirSync(folder) : [])
      this.#tried.set(file.replace(/\.csv$/, ""), read(path.join(folder, file)));
    for (const [name, alike] of Map.groupBy(all, (mutant) => mutant.function)) {
      const [first] = alike;
      const area = first && areaOf(first);
      if (name && area)
        this.#wanted.set(name, { area, definition: hashOf(first.definition), mutants: alike.length });
    }
  }

  /** Whether the mutant's function was tried as it is now. What is broken in the catalog never was. */
  isTried({ function: name }: Mutant): boolean {
    const wanted = name && this.#wanted.get(name);
    const tried = wanted && this.#tried.get(wanted.area)?.get(name);
    return Boolean(tried && tried.definition === wanted.definition && tried.mutants === wanted.mutants);
  }

  /** A mutant that is noticed or declared: with the last one of a function its line is written. */
  settle({ function: name }: Mutant): void {
    const wanted = name && this.#wanted.get(name);
    if (!wanted) return;
    const settled = (this.#settled.get(name) ?? 0) + 1;
    this.#settled.set(name, settled);
    if (settled !== wanted.mutants) return;
    const ofArea = this.#tried.get(wanted.area) ?? new Map<string, Tried>();
    this.#tried.set(wanted.area, ofArea.set(name, wanted));
    this.#write(wanted.area, ofArea);
  }

  #write(area: string, tried: Map<string, Tried>): void {
    const lines = [...tried]
      .filter(([name]) => this.#wanted.get(name)?.area === area) // not of what is gone, or stands elsewhere now
      .map(([name, { definition, mutants }]) => `${definition},${mutants},${name}\n`);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(
      path.join(this.#folder, `${area}.csv`),
      `definition,mutants,function\n${lines.sort(byFunction).join("")}`,
    );
  }
}

function byFunction(a: string, b: string): number {
  const [one, other] = [a, b].map((line) => line.replace(/^\w+,\d+,/, "")) as [string, string];
  return one < other ? -1 : 1;
}

function hashOf(definition = ""): string {
  return createHash("sha256").update(definition).digest("hex").slice(0, 12);
}

function read(file: string): Map<string, Tried> {
  const lines = readFileSync(file, "utf8").split("\n").slice(1).filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [, definition = "", mutants = "", name = ""] = /^(\w+),(\d+),(.+)$/.exec(line) ?? [];
      return [name, { definition, mutants: Number(mutants) }];
    }),
  );
}
