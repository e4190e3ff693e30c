/** One batch of landmarks as it was received. `receivedAt`: milliseconds since 1970 by the database's clock. */
export type KeptBatch = { sequence: number; exercise: number; receivedAt: number; body: Uint8Array };

/** What a player said, as the session's page sent it. `id` counts from 0 for each exercise of a session. */
export type KeptEvent = {
  id: number;
  exercise: number;
  kind: "play" | "reached" | "pause" | "seek" | "stall" | "resume" | "rate" | "end";
  /** Milliseconds since 1970 by the browser's clock. */
  at: number;
  /** Seconds of the video. */
  position: number;
  /** The speed from there on; 1 is as recorded. */
  rate: number;
  /** Where a seek came from, in seconds of the video. */
  from?: number | undefined;
};

/** When each exercise was done, by the browser's clock. */
export type DoneExercise = { place: number; startedAt: number; endedAt: number };

/** What the page says as the session ends. `lastSequence`: of the batches; null where there was none. */
export type SessionEnd = { lastSequence: number | null; exercises: DoneExercise[] };

/**
 * kept: it was new and is durable. same: the same content was kept before. different: other content was kept under that
 * number. out_of_window: further than WINDOW from the highest number, and not asked for. ended: nothing new is taken.
 * too_long: the session has lasted LONGEST_SESSION_MS.
 */
export type Kept = "kept" | "same" | "different" | "out_of_window" | "ended" | "too_long";

/** Missing batches are asked for once: the session has ended when nothing is missing, or when it is asked again. */
export type Ended = { hasEnded: boolean; missing: number[] };

/** Everything of one session. `gaps`: first and last number of each run of batches that never came. */
export type Recording = {
  session: string;
  batches: KeptBatch[];
  events: { receivedAt: number; event: KeptEvent }[];
  exercises: DoneExercise[];
  gaps: [from: number, to: number][];
};

/** Batches come in any order within so many of the highest. */
export const WINDOW = 64;
/** A session's batches are taken for so long, and so many of them. */
export const LONGEST_SESSION_MS = 60 * 60_000;
export const MOST_BATCHES = 7_300;
/** A session that nobody ends has ended after so long without a word. */
export const SILENT_MS = 15 * 60_000;
/** How long missing batches are waited for once they were asked for. */
export const ASKED_MS = 60_000;
export const MOST_EVENTS = 5_000;

/**
 * Where sessions are kept until they are aggregated (TEL-02). What a promise says is durable: it survives the end of the
 * process at any moment. Numbers and contents are compared here, so that another kind of buffer can do it where it keeps
 * them. Request handlers know this and nothing behind it (TEL-10).
 */
export interface SessionBuffer {
  keepBatch(session: string, batch: KeptBatch): Promise<Kept>;
  /** All of them or none; those that were kept before are left out. */
  keepEvents(session: string, receivedAt: number, events: readonly KeptEvent[]): Promise<Kept>;
  /** Goes before everything that waits, under any pressure. */
  end(session: string, end: SessionEnd, receivedAt: number): Promise<Ended>;
  /** Bytes that wait to be durable: whoever sees many of them takes no more batches. */
  readonly waitingBytes: number;
  /** Sessions that have ended, or that nobody will end any more. */
  ended(now: number): string[];
  has(session: string): boolean;
  /** Takes nothing new of the session from now on, and gives what there is; null where nothing is known of it. */
  read(session: string): Promise<Recording | null>;
  /** The recording is elsewhere: forgets the session, and gives the room back. */
  finalized(session: string): Promise<void>;
}
