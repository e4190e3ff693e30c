import { unlinkSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { Appender } from "./appender.ts";
import { type Entry, readEntries, readEntry, writeEntry } from "./entry.ts";
import { OwnFolder } from "./own_folder.ts";
import {
  type Ended,
  type Kept,
  type KeptBatch,
  type KeptEvent,
  LONGEST_SESSION_MS,
  type Recording,
  type SessionBuffer,
  type SessionEnd,
} from "./port.ts";
import { Rotation } from "./rotation.ts";
import { digestOf, type Place, runsOf, SessionIndex } from "./session_index.ts";

/** `appender`: of those that this process began. */
type Segment = { file: string; sessions: Set<string>; appender?: Appender };

/** After so many bytes the next segment begins, so that room is given back in such pieces. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Longer than any token lives: whoever comes after that is told by the database that the session has ended. */
const REMEMBERED_MS = 2 * LONGEST_SESSION_MS;

/**
 * Sessions in files of this machine (docs/decisions/0170): all of a process go into one segment, which only grows, and
 * are durable by one fsync for all that wait. A segment is removed when each of its sessions is finalized. What a process
 * left that is gone is taken over, up to the last whole entry of each segment.
 */
export class LocalBuffer implements SessionBuffer {
  readonly #own: OwnFolder;
  readonly #growing: Rotation;
  readonly #marks: Rotation;
  readonly #sessions = new Map<string, SessionIndex>();
  readonly #segments = new Map<number, Segment>();
  /** Sessions that are elsewhere, and since when: entries of theirs may still lie in segments of others. */
  readonly #finalized = new Map<string, number>();
  readonly #numbers = new WeakMap<Appender, number>();
  #files = 0;

  private constructor(own: OwnFolder, mostBytes: number) {
    this.#own = own;
    const closed = (appender: Appender) => this.#removeIfEmpty(this.#numbers.get(appender) ?? -1);
    this.#growing = new Rotation({ create: () => this.#begin(), mostBytes, closed });
    this.#marks = new Rotation({ create: () => Appender.create(this.#newFile("marks")), mostBytes });
  }

  static async open(folder: string, { segmentBytes = SEGMENT_BYTES } = {}): Promise<LocalBuffer> {
    const buffer = new LocalBuffer(new OwnFolder(folder), segmentBytes);
    await buffer.takeOver();
    return buffer;
  }

  /** Takes what processes left that are gone: how many segments, and how many bytes of them were no whole entry. */
  async takeOver(): Promise<{ segments: number; tornBytes: number }> {
    const files = this.#own.takeOver();
    const marks = files.filter((file) => file.endsWith(".marks"));
    const segments = files.filter((file) => file.endsWith(".segment"));
    const finalized = new Set<string>();
    for (const file of marks) {
      for (const { entry } of readEntries(await readFile(file)).entries) finalized.add(entry.session);
    }
    let tornBytes = 0;
    const stillThere = new Set<string>();
    for (const file of segments) {
      const bytes = await readFile(file);
      const { entries, whole } = readEntries(bytes);
      tornBytes += bytes.length - whole;
      const number = this.#files++;
      const segment: Segment = { file, sessions: new Set() };
      this.#segments.set(number, segment);
      for (const { entry, ...at } of entries) {
        if (finalized.has(entry.session) || this.#finalized.has(entry.session)) {
          stillThere.add(entry.session);
          continue;
        }
        segment.sessions.add(entry.session);
        this.#recall(entry, { segment: number, ...at });
      }
      this.#removeIfEmpty(number);
    }
    await Promise.all([...stillThere].map((session) => this.#mark(session)));
    for (const file of marks) unlinkSync(file);
    return { segments: segments.length, tornBytes };
  }

  get waitingBytes(): number {
    let bytes = 0;
    for (const { appender } of this.#segments.values()) bytes += appender?.waitingBytes ?? 0;
    return bytes;
  }

  has(session: string): boolean {
    return this.#sessions.has(session);
  }

  /** How many sessions and segments there are, for who watches. */
  get counts(): { sessions: number; segments: number } {
    return { sessions: this.#sessions.size, segments: this.#segments.size };
  }

  async keepBatch(session: string, batch: KeptBatch): Promise<Kept> {
    if (this.#finalized.has(session)) return "ended";
    const index = this.#sessions.get(session) ?? new SessionIndex();
    const digest = digestOf(batch);
    const verdict = index.judge(batch, digest);
    if (verdict === "same") await index.arrived(batch.sequence);
    if (verdict !== "kept") return verdict;
    this.#sessions.set(session, index);
    index.hold(batch.sequence, digest, batch.receivedAt);
    const keeping = this.#append({ kind: "batch", session, batch }).then(
      (place) => index.place(batch.sequence, place),
      (error) => {
        index.letGo(batch.sequence);
        throw error;
      },
    );
    index.onTheWay(batch.sequence, keeping);
    await keeping;
    return "kept";
  }

  async keepEvents(session: string, receivedAt: number, events: readonly KeptEvent[]): Promise<Kept> {
    if (this.#finalized.has(session)) return "ended";
    const index = this.#indexOf(session);
    return index.inTurn(async () => {
      const fresh = index.judgeEvents(events);
      if (typeof fresh === "string") return fresh;
      const place = await this.#append({ kind: "events", session, receivedAt, events: fresh });
      index.addEvents(fresh, receivedAt, place);
      return "kept";
    });
  }

  async end(session: string, end: SessionEnd, receivedAt: number): Promise<Ended> {
    if (this.#finalized.has(session)) return { hasEnded: true, missing: [] };
    const index = this.#indexOf(session);
    return index.inTurn(async () => {
      if (index.hasEnded) return { hasEnded: true, missing: [] };
      await index.arrived();
      const missing = index.missing(end.lastSequence);
      const hasEnded = missing.length === 0 || index.wasAsked;
      await this.#append({ kind: "end", session, receivedAt, end, hasEnded }, { urgent: true });
      if (hasEnded) index.finish(end);
      else index.ask(end, receivedAt);
      return { hasEnded, missing };
    });
  }

  ended(now: number): string[] {
    for (const [session, since] of this.#finalized) {
      if (since + REMEMBERED_MS > now) break;
      this.#finalized.delete(session);
    }
    return [...this.#sessions].flatMap(([session, index]) => (index.isOver(now) ? [session] : []));
  }

  async read(session: string): Promise<Recording | null> {
    const index = this.#sessions.get(session);
    if (!index) return null;
    index.finish(null);
    await index.inTurn(() => index.arrived());
    const entries = await this.#readAll([...index.batchPlaces(), ...index.eventPlaces]);
    return {
      session,
      batches: entries
        .flatMap((entry) => (entry.kind === "batch" ? [entry.batch] : []))
        .sort((a, b) => a.sequence - b.sequence),
      events: entries.flatMap((entry) =>
        entry.kind === "events" ? entry.events.map((event) => ({ receivedAt: entry.receivedAt, event })) : [],
      ),
      exercises: index.end?.exercises ?? [],
      gaps: runsOf(index.missing(index.end?.lastSequence ?? null)),
    };
  }

  async finalized(session: string): Promise<void> {
    await this.#mark(session);
    this.#sessions.delete(session);
    for (const [number, segment] of this.#segments) {
      if (!segment.sessions.delete(session) || segment.sessions.size > 0) continue;
      if (segment.appender && !segment.appender.isClosed) await this.#growing.close();
      else this.#removeIfEmpty(number);
    }
  }

  /** Everything that was promised is durable; whoever comes next takes it over. */
  async close(): Promise<void> {
    await Promise.all([this.#growing.close(), this.#marks.close()]);
    this.#own.leave();
  }

  #indexOf(session: string): SessionIndex {
    const known = this.#sessions.get(session);
    if (known) return known;
    const index = new SessionIndex();
    this.#sessions.set(session, index);
    return index;
  }

  #recall(entry: Entry, place: Place): void {
    const index = this.#indexOf(entry.session);
    if (entry.kind === "batch") {
      const { sequence, receivedAt } = entry.batch;
      index.recall(sequence, digestOf(entry.batch), receivedAt, place);
    } else if (entry.kind === "events") index.addEvents(entry.events, entry.receivedAt, place);
    else if (entry.kind === "end") {
      if (entry.hasEnded) index.finish(entry.end);
      else index.ask(entry.end, entry.receivedAt);
    }
  }

  async #append(entry: Entry, options?: { urgent: boolean }): Promise<Place> {
    const appender = await this.#growing.current();
    const number = this.#numbers.get(appender) ?? -1;
    this.#segments.get(number)?.sessions.add(entry.session);
    const bytes = writeEntry(entry);
    const offset = await appender.append(bytes, options);
    return { segment: number, offset, length: bytes.length };
  }

  async #begin(): Promise<Appender> {
    const appender = await Appender.create(this.#newFile("segment"));
    const number = this.#files++;
    this.#numbers.set(appender, number);
    this.#segments.set(number, { file: appender.file, sessions: new Set(), appender });
    return appender;
  }

  async #mark(session: string): Promise<void> {
    this.#finalized.set(session, Date.now());
    const appender = await this.#marks.current();
    await appender.append(writeEntry({ kind: "finalized", session }));
  }

  async #readAll(places: readonly Place[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const [number, here] of Map.groupBy(places, ({ segment }) => segment)) {
      const handle = await open(this.#segments.get(number)?.file ?? "");
      try {
        for (const { offset, length } of here) {
          const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
          const entry = readEntry(buffer);
          if (!entry) throw new Error("an entry is not what was written");
          entries.push(entry);
        }
      } finally {
        await handle.close();
      }
    }
    return entries;
  }

  #removeIfEmpty(number: number): void {
    const segment = this.#segments.get(number);
    const isGrowing = segment?.appender !== undefined && !segment.appender.isClosed;
    if (!segment || isGrowing || segment.sessions.size > 0) return;
    this.#segments.delete(number);
    unlinkSync(segment.file);
  }

  #newFile(kind: "segment" | "marks"): string {
    return path.join(this.#own.folder, `${this.#own.name}-${this.#files++}.${kind}`);
  }
}
