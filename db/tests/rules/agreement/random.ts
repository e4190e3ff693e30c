/** Chooses, the same things for the same seed: a world and its rules are one number to fast-check. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** From 0 to below `end`. */
  below(end: number): number {
    // Mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
  }
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
  chance(share: number): boolean {
    return this.below(1000) < share * 1000;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
  some<T>(list: readonly T[], most: number): T[] {
    return Array.from({ length: this.between(1, most) }, () => this.of(list));
  }
  uuid(): string {
    const hex = () => this.below(65536).toString(16).padStart(4, "0");
    return `${hex()}${hex()}-${hex()}-7${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`;
  }
}

/** What people type, and what those type who want something else. */
export const texts = [
  "Ștefan",
  "ŞTEFAN",
  "stefan",
  "Ţăranu",
  "Țăranu",
  "taranu",
  "O'Brien",
  "obrien",
  "Ana-Maria",
  "ana  maria",
  "Ana",
  "ANA.MARIA",
  "Brașov",
  "Braşov",
  "50%",
  "5_",
  "x' or true --",
  "'; drop table app_public.patients; --",
  "$1 $2 $3",
  "{v} {a} {today}",
  "%",
  "\\",
  '"] } or ["',
  "Île d'Yeu",
  "123",
  "null",
];
