import { createHash } from "node:crypto";
import {
  ASKED_MS,
  type Kept,
  type KeptBatch,
  type KeptEvent,
  LONGEST_SESSION_MS,
  MOST_BATCHES,
  MOST_EVENTS,
  type SessionEnd,
  SILENT_MS,
  WINDOW,
} from "./port.ts";

/** Where an entry lies. */
export type Place = { segment: number; offset: number; length: number };

/**
 * What is known in memory of one session: which numbers were kept, with a digest of their content, and where the entries
 * lie. Some forty bytes a batch, in arrays by its number.
 */
export class SessionIndex {
  readonly #digests: (number | undefined)[] = [];
  readonly #segments: (number | undefined)[] = [];
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  readonly #onTheWay = new Map<number, Promise<unknown>>();
  readonly #events = new Map<string, number>();
  readonly eventPlaces: Place[] = [];
  #firstAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;
  #askedAt: number | null = null;
  #askedFor = new Set<number>();
  #turn: Promise<unknown> = Promise.resolve();
  end: SessionEnd | null = null;
  hasEnded = false;

  /** What becomes of a batch; a new one holds its number from here on. */
  judge({ sequence, receivedAt }: KeptBatch, digest: number): Kept {
    const known = this.#digests[sequence];
    if (known !== undefined) return known === digest ? "same" : "different";
    if (this.hasEnded) return "ended";
    if (receivedAt > this.#firstAt + LONGEST_SESSION_MS || sequence >= MOST_BATCHES) return "too_long";
    const distance = Math.abs(sequence - this.highest);
    // Nothing is known of a session whose first batches went to a process that is gone.
    const isNear = this.highest === -1 || distance <= WINDOW || this.#askedFor.has(sequence);
    return isNear ? "kept" : "out_of_window";
  }

  hold(sequence: number, digest: number, receivedAt: number): void {
    this.#digests[sequence] = digest;
    this.#heardAt(receivedAt);
  }

  /** What was found in a segment; of two with one number the first counts. */
  recall(sequence: number, digest: number, receivedAt: number, place: Place): void {
    if (this.#digests[sequence] !== undefined) return;
    this.hold(sequence, digest, receivedAt);
    this.place(sequence, place);
  }

  place(sequence: number, { segment, offset, length }: Place): void {
    this.#segments[sequence] = segment;
    this.#offsets[sequence] = offset;
    this.#lengths[sequence] = length;
  }

  letGo(sequence: number): void {
    if (this.#segments[sequence] === undefined) this.#digests[sequence] = undefined;
  }

  onTheWay(sequence: number, keeping: Promise<unknown>): void {
    this.#onTheWay.set(sequence, keeping);
    const done = () => void this.#onTheWay.delete(sequence);
    keeping.then(done, done);
  }

  async arrived(sequence?: number): Promise<void> {
    if (sequence !== undefined) await this.#onTheWay.get(sequence);
    else await Promise.allSettled(this.#onTheWay.values());
  }

  /** Of these events the new ones, or why none is taken. */
  judgeEvents(events: readonly KeptEvent[]): KeptEvent[] | Kept {
    const fresh: KeptEvent[] = [];
    for (const event of events) {
      const known = this.#events.get(keyOf(event));
      if (known === undefined) fresh.push(event);
      else if (known !== digestOfEvent(event)) return "different";
    }
    if (fresh.length === 0) return "same";
    if (this.hasEnded) return "ended";
    return this.#events.size + fresh.length > MOST_EVENTS ? "too_long" : fresh;
  }

  addEvents(events: readonly KeptEvent[], receivedAt: number, place: Place): void {
    for (const event of events) this.#events.set(keyOf(event), digestOfEvent(event));
    this.eventPlaces.push(place);
    this.#heardAt(receivedAt);
  }

  ask(end: SessionEnd, receivedAt: number): void {
    this.end = end;
    this.#askedAt = receivedAt;
    this.#askedFor = new Set(this.missing(end.lastSequence));
    this.#heardAt(receivedAt);
  }
  get wasAsked(): boolean {
    return this.#askedAt !== null;
  }

  finish(end: SessionEnd | null): void {
    this.end = end ?? this.end;
    this.hasEnded = true;
  }

  /** Whether nobody will say any more that it has ended. */
  isOver(now: number): boolean {
    if (this.hasEnded) return true;
    if (!Number.isFinite(this.#lastAt)) return false; // nothing of it is kept yet
    return this.#askedAt === null ? now > this.#lastAt + SILENT_MS : now > this.#askedAt + ASKED_MS;
  }

  /** One after the other, in the order of asking. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    // Who asked hears of a failure; the next one has its turn all the same.
    this.#turn = next.catch(() => {});
    return next;
  }

  get highest(): number {
    return this.#digests.length - 1;
  }

  missing(lastSequence: number | null): number[] {
    const last = Math.max(lastSequence ?? -1, this.highest);
    return Array.from({ length: last + 1 }, (_, sequence) => sequence).filter(
      (sequence) => this.#segments[sequence] === undefined,
    );
  }

  batchPlaces(): Place[] {
    return this.#segments.flatMap((segment, sequence) =>
      segment === undefined
        ? []
        : [{ segment, offset: this.#offsets[sequence] ?? 0, length: this.#lengths[sequence] ?? 0 }],
    );
  }

  #heardAt(moment: number): void {
    this.#firstAt = Math.min(this.#firstAt, moment);
    this.#lastAt = Math.max(this.#lastAt, moment);
  }
}

/** 48 bits of SHA-256, as a number. */
export function digestOf(batch: KeptBatch): number {
  return createHash("sha256").update(`${batch.exercise}:`).update(batch.body).digest().readUIntBE(0, 6);
}

function digestOfEvent({ id, exercise, kind, at, position, rate, from }: KeptEvent): number {
  const text = JSON.stringify([id, exercise, kind, at, position, rate, from ?? null]);
  return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}

const keyOf = ({ exercise, id }: KeptEvent) => `${exercise}:${id}`;

/** Numbers in a row, as the first and the last of each run. */
export function runsOf(numbers: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
