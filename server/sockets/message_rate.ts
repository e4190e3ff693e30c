const WINDOW_MS = 10_000;

/** Limits how many messages one socket sends: each can cost a parse and a plan. */
export class MessageRate {
  readonly #most: number;
  #count = 0;
  #since = 0;

  constructor(most: number) {
    this.#most = most;
  }

  allows(): boolean {
    const now = performance.now();
    if (now - this.#since > WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#most;
  }
}
