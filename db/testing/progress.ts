/** Says how far a long run is, at most once a minute, and how long the rest will take at the speed so far. */
export class Progress {
  readonly #began = performance.now();
  readonly #total: number;
  readonly #everyMs: number;
  #done = 0;
  #told = this.#began;

  constructor(total: number, everyMs = 60_000) {
    this.#total = total;
    this.#everyMs = everyMs;
  }

  /** One more is done; the line to be shown, when it is time for one. */
  next(now = performance.now()): string | undefined {
    this.#done++;
    if (now - this.#told < this.#everyMs) return undefined;
    this.#told = now;
    const left = this.#total - this.#done;
    const minutes = Math.ceil(((now - this.#began) / this.#done) * (left / 60_000));
    return `${this.#done} of ${this.#total}, about ${minutes} min left`;
  }
}
