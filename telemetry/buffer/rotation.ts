import type { Appender } from "./appender.ts";

/** So long a file grows at most: what is in it is given back sooner where little happens. */
const LONGEST_MS = 10 * 60_000;

/** The file that grows now. One that is full or old, or that took no write, is closed and followed by the next. */
export class Rotation {
  readonly #create: () => Promise<Appender>;
  readonly #mostBytes: number;
  readonly #closed: (appender: Appender) => void;
  #current: Promise<Appender> | null = null;

  constructor(options: {
    create(): Promise<Appender>;
    mostBytes: number;
    closed?(appender: Appender): void;
  }) {
    this.#create = options.create;
    this.#mostBytes = options.mostBytes;
    this.#closed = options.closed ?? (() => {});
  }

  /** Whoever appends in the same turn in which this settles finds the file open. */
  current(): Promise<Appender> {
    this.#current = (this.#current ?? this.#create()).then(
      (appender) => {
        const isYoung = performance.now() < appender.beganAt + LONGEST_MS;
        const isUsable = !appender.hasFailed && appender.size < this.#mostBytes && isYoung;
        return isUsable ? appender : this.#replace(appender);
      },
      () => this.#create(),
    );
    return this.#current;
  }

  /** Closes it; whoever appends after that begins the next. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    const appender = await current?.catch(() => null);
    if (!appender) return;
    await appender.close();
    this.#closed(appender);
  }

  async #replace(appender: Appender): Promise<Appender> {
    const next = await this.#create();
    await appender.close();
    this.#closed(appender);
    return next;
  }
}
