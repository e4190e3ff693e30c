import type { Topic } from "./topics.ts";

/** What waits for a slow reader at most; one who is further behind reads the inbox instead. */
const LONGEST_QUEUE = 100;

/** What is told: an event or a message by its id, of an event the row that it is about, of a calendar the days. */
export type Announced = { id: string; subjectId?: string; days?: string[] | null };

/** Announcements for one subscription, in order, and never more than a bounded number of them waiting. */
export class Stream implements AsyncIterableIterator<Announced> {
  readonly topic: Topic;
  #waiting: Announced[] = [];
  #reader: ((result: IteratorResult<Announced>) => void) | null = null;
  #isOver = false;
  readonly #onEnd: () => void;

  constructor(topic: Topic, onEnd: () => void) {
    this.topic = topic;
    this.#onEnd = onEnd;
  }

  /** False when the reader is too far behind. */
  push(announced: Announced): boolean {
    if (this.#isOver) return true;
    if (this.#reader) {
      this.#reader({ done: false, value: announced });
      this.#reader = null;
      return true;
    }
    this.#waiting.push(announced);
    return this.#waiting.length <= LONGEST_QUEUE;
  }

  async next(): Promise<IteratorResult<Announced>> {
    const value = this.#waiting.shift();
    if (value) return { done: false, value };
    if (this.#isOver) return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  /** Nothing more comes; what waits is still read. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reader?.({ done: true, value: undefined });
    this.#onEnd();
  }

  async return(): Promise<IteratorResult<Announced>> {
    this.#waiting = [];
    this.finish();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Announced>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
