import type pg from "pg";
import type { Memory } from "./memory.ts";
import type { Mutant } from "./mutants.ts";

/**
 * A proof says what is wrong, one line each; nothing when all is well. Proofs of one sort share the sort's name. Some
 * want a database with rows in it, others one without.
 */
export type Proof = { sort: string; name: string; client: pg.Client; run(): Promise<string[]> };

/** What a proof says when nothing is broken, and the functions that ran meanwhile, as far as PostgreSQL counts them. */
export type Baseline = { lines: string[]; called: Set<string>; ms: number };

/** By the proof's name; laboratories share them, since all are copies of the same two databases. */
export type Baselines = Map<string, Baseline>;

/** In which order the proofs are asked, so that most mutants are noticed by the first. */
export class Order {
  /** How often each sort of proof noticed a mutant of a kind, or of a function. */
  readonly #noticedBy = new Map<string, Map<string, number>>();
  readonly #memory: Memory;
  readonly #before: Baselines;

  constructor(memory: Memory, before: Baselines) {
    this.#memory = memory;
    this.#before = before;
  }

  /**
   * Who noticed this one the last time, then who noticed most of the same function or kind so far. Of those that are as
   * likely, the nearest to a function; about the catalog the quickest, since some lints take a hundred times as long as
   * a test.
   */
  mostLikelyFirst(mutant: Mutant, proofs: Proof[]): Proof[] {
    const last = this.#memory.whoNoticed(mutant);
    const counts = this.#noticedBy.get(mutant.function ?? mutant.kind);
    const chance = ({ name, sort }: Proof) => (name === last ? Number.MAX_VALUE : (counts?.get(sort) ?? 0));
    const takes = ({ name }: Proof) =>
      mutant.function ? 0 : (this.#before.get(name)?.ms ?? Number.MAX_VALUE);
    return proofs
      .map((proof) => ({ proof, chance: chance(proof), takes: takes(proof) }))
      .toSorted((a, b) => b.chance - a.chance || a.takes - b.takes)
      .map(({ proof }) => proof);
  }

  remember(mutant: Mutant, { name, sort }: Proof): void {
    this.#memory.remember(mutant, name);
    const about = mutant.function ?? mutant.kind;
    const counts = this.#noticedBy.get(about) ?? new Map<string, number>();
    this.#noticedBy.set(about, counts.set(sort, (counts.get(sort) ?? 0) + 1));
  }
}
