import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";

type Waiting = { bytes: Buffer; durable(offset: number): void; failed(error: unknown): void };

/** So much is written at once; what is more waits for the next time. */
const GROUP_BYTES = 4 * 1024 * 1024;

/**
 * A file that only grows. Everything that arrives while the disk is busy is written at once and made durable by one
 * fsync, so that a thousand writers wait for the disk as long as one. After a write that failed nothing more is written:
 * what lies behind the last whole entry is a torn tail.
 */
export class Appender {
  readonly file: string;
  readonly beganAt = performance.now();
  readonly #handle: FileHandle;
  #urgent: Waiting[] = [];
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #size = 0;
  #waitingBytes = 0;
  #hasFailed = false;
  #isClosed = false;

  private constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  /** The file is new, and its name as durable as what will be in it. */
  static async create(file: string): Promise<Appender> {
    const handle = await open(file, "ax", 0o600);
    const folder = await open(path.dirname(file));
    await folder.sync().finally(() => folder.close());
    return new Appender(file, handle);
  }

  /** Bytes in the file, those that are on their way included. */
  get size(): number {
    return this.#size + this.#waitingBytes;
  }
  get waitingBytes(): number {
    return this.#waitingBytes;
  }
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Gives the place of the bytes once they are durable. Urgent ones go before all others that wait. */
  append(bytes: Buffer, { urgent = false } = {}): Promise<number> {
    if (this.#hasFailed) return Promise.reject(new Error("the file took no write before"));
    return new Promise((durable, failed) => {
      (urgent ? this.#urgent : this.#waiting).push({ bytes, durable, failed });
      this.#waitingBytes += bytes.length;
      this.#writing ??= this.#write();
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
    this.#isClosed = true;
  }

  async #write(): Promise<void> {
    // Whoever asks in the same turn goes along.
    await Promise.resolve();
    for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
      const bytes = Buffer.concat(group.map((one) => one.bytes));
      try {
        for (let written = 0; written < bytes.length; ) {
          const rest = bytes.length - written;
          written += (await this.#handle.write(bytes, written, rest, this.#size + written)).bytesWritten;
        }
        await this.#handle.datasync();
      } catch (error) {
        this.#hasFailed = true;
        const all = [...group, ...this.#urgent.splice(0), ...this.#waiting.splice(0)];
        this.#waitingBytes = 0;
        this.#writing = null;
        for (const { failed } of all) failed(error);
        return;
      }
      for (const one of group) {
        one.durable(this.#size);
        this.#size += one.bytes.length;
        this.#waitingBytes -= one.bytes.length;
      }
    }
    // In the turn in which nothing waited: what comes later begins anew.
    this.#writing = null;
  }

  #nextGroup(): Waiting[] {
    const group: Waiting[] = [];
    let bytes = 0;
    for (const queue of [this.#urgent, this.#waiting]) {
      let taken = 0;
      for (const one of queue) {
        if (group.length > 0 && bytes + one.bytes.length > GROUP_BYTES) break;
        bytes += one.bytes.length;
        taken += 1;
        group.push(one);
      }
      queue.splice(0, taken);
    }
    return group;
  }
}
