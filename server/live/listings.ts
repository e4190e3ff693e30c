import type { Pool } from "pg";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import { merged } from "./days.ts";

/** How often is asked what is new. */
const EVERY_MS = 400;
/** How far back somebody who comes again is told what was missed; further back, that anything may have changed. */
const RESUMABLE_MS = 300_000;

/** How much the clocks of two processes may differ. */
const CLOCKS_MS = 5_000;

/** Who may list a calendar: everybody, its clinic's staff, nobody. */
export type Standing = "public" | "staff" | "off";

/** That a listing changed: on which days, null for any; `id` is how far a listener knows of everything. */
export type Change = { id: string; days: string[] | null };

export type Listener = {
  changed(change: Change, standing: Standing): void;
  /** For the moment it is not known what changes; `changed` comes when it is. */
  interrupted(): void;
};

/** What a listener begins with: how far it knows of everything, and what was missed, if it said where it had been. */
export type Beginning = { standing: Standing; id: string; missed: Change | null; stop(): void };

type Row = { calendar_id: string; standing: Standing; change: string | null; days: string[] | null };
type Arrival = {
  calendarId: string;
  since: string | undefined;
  listener: Listener;
  resolve(beginning: Beginning): void;
  reject(error: unknown): void;
};
/** One calendar that somebody listens to, and the changes of the last window, all of which were told. */
type Watch = { standing: Standing; known: Set<string>; listeners: Set<Listener> };

/**
 * What changes of listings (SCH-07). While somebody listens, the database is asked a few times a second, once for all
 * calendars and listeners: bookings pay nothing for it, and nothing is lost with a connection that listens.
 */
export class Listings {
  readonly #pool: Pool;
  readonly #log: Logger;
  readonly #lookBackMs: number;
  readonly #watches = new Map<string, Watch>();
  readonly #asking: NodeJS.Timeout;
  #arrivals: Arrival[] = [];
  #isRunning = false;
  #isInterrupted = false;
  #askedAt = 0;

  /** `lookBackMs`: a change is seen when its transaction ends, and may be as much older. */
  constructor(pool: Pool, log: Logger, lookBackMs: number) {
    this.#lookBackMs = lookBackMs;
    this.#pool = pool;
    this.#log = log;
    this.#asking = setInterval(() => this.#run(), EVERY_MS).unref();
  }

  /** Begins to listen. `since` is the id of the last change that this listener knew of, from whichever process. */
  watch(calendarId: string, since: string | undefined, listener: Listener): Promise<Beginning> {
    return new Promise((resolve, reject) => {
      this.#arrivals.push({ calendarId, since, listener, resolve, reject });
      // Those who come together are asked about together.
      setImmediate(() => this.#run());
    });
  }

  /** Whatever changed by then was told to who listened by then; the id of a change. */
  get knownUntil(): string {
    return String(this.#askedAt);
  }

  stop(): void {
    clearInterval(this.#asking);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#arrivals.length > 0) await this.#admit(this.#arrivals.splice(0));
      if (this.#watches.size > 0) await this.#ask();
      else this.#askedAt = 0;
    } finally {
      this.#isRunning = false;
    }
  }

  async #admit(arrivals: Arrival[]): Promise<void> {
    const now = Date.now();
    const ages = arrivals.map(({ since }) => ageOf(since, now));
    const known = ages.filter((age) => age !== null);
    let changes: Map<string, Row[]>;
    try {
      changes = await this.#changes(
        arrivals.map(({ calendarId }) => calendarId),
        Math.max(0, ...known) + this.#lookBackMs,
      );
    } catch (error) {
      for (const { reject } of arrivals) reject(error);
      return;
    }
    const id = String(now);
    for (const [place, { calendarId, since, listener, resolve }] of arrivals.entries()) {
      const rows = changes.get(calendarId) ?? [];
      const standing = rows[0]?.standing ?? "off";
      const told = rows.filter(({ change }) => change !== null);
      if (standing !== "off") this.#begin(calendarId, standing, told).listeners.add(listener);
      const isNew = since === undefined || (ages[place] !== null && told.length === 0);
      const days = ages[place] === null ? null : merged(told.map((row) => row.days));
      resolve({
        standing,
        id,
        missed: isNew ? null : { id, days },
        stop: () => this.#leave(calendarId, listener),
      });
    }
  }

  /** What was there before the first listener of a calendar is not news to it. */
  #begin(calendarId: string, standing: Standing, rows: Row[]): Watch {
    const watch = this.#watches.get(calendarId) ?? {
      standing,
      known: new Set(rows.map(({ change }) => change ?? "")),
      listeners: new Set(),
    };
    this.#watches.set(calendarId, watch);
    return watch;
  }

  #leave(calendarId: string, listener: Listener): void {
    const watch = this.#watches.get(calendarId);
    watch?.listeners.delete(listener);
    if (watch?.listeners.size === 0) this.#watches.delete(calendarId);
  }

  async #ask(): Promise<void> {
    const watches = [...this.#watches];
    const now = Date.now();
    const since = this.#askedAt > 0 ? now - this.#askedAt : 0;
    let changes: Map<string, Row[]>;
    try {
      changes = await this.#changes(
        watches.map(([calendarId]) => calendarId),
        this.#lookBackMs + Math.min(since, RESUMABLE_MS),
      );
    } catch (error) {
      if (this.#isInterrupted) return;
      this.#isInterrupted = true;
      this.#log.warn({ error: describeError(error) }, "what changes of listings could not be read");
      for (const [, { listeners }] of watches) for (const listener of listeners) listener.interrupted();
      return;
    }
    const isGap = this.#isInterrupted || since > RESUMABLE_MS;
    if (this.#isInterrupted) this.#log.info("what changes of listings is read again");
    this.#isInterrupted = false;
    this.#askedAt = now;
    for (const [calendarId, watch] of watches)
      this.#tell(calendarId, watch, changes.get(calendarId) ?? [], isGap, String(now));
  }

  #tell(calendarId: string, watch: Watch, rows: Row[], isGap: boolean, id: string): void {
    const standing = rows[0]?.standing ?? "off";
    const fresh = rows.filter(({ change }) => change !== null && !watch.known.has(change));
    watch.known = new Set(rows.map(({ change }) => change ?? ""));
    const hasMoved = standing !== watch.standing;
    watch.standing = standing;
    if (standing === "off") this.#watches.delete(calendarId);
    if (fresh.length === 0 && !hasMoved && !isGap) return;
    const days = isGap || hasMoved ? null : merged(fresh.map((row) => row.days));
    for (const listener of watch.listeners) listener.changed({ id, days }, standing);
  }

  async #changes(calendarIds: string[], lookbackMs: number): Promise<Map<string, Row[]>> {
    const { rows } = await this.#pool.query<Row>(
      `select calendar_id, standing, change, days::text[] as days
       from app_hidden.listing_changes($1, make_interval(secs => $2))`,
      [[...new Set(calendarIds)], lookbackMs / 1_000],
    );
    return Map.groupBy(rows, (row) => row.calendar_id);
  }
}

/** How long ago somebody knew of everything; null where that is not told, or too long. */
function ageOf(since: string | undefined, now: number): number | null {
  if (since === undefined || !/^\d{13}$/.test(since)) return null;
  const age = now - Number(since);
  return age > RESUMABLE_MS || age < -CLOCKS_MS ? null : Math.max(0, age);
}
