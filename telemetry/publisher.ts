/** What a patient may have recorded, and agrees to, each by itself. */
export const SCOPES = ["pose", "media"] as const;
export type Scope = (typeof SCOPES)[number];

/** What an exercise of a session looks at. `seconds`: the length of its video, null where nobody knows it. */
export type Tracked = { place: number; joints: string[]; seconds: number | null };

export type SessionState = {
  organizationId: string;
  /** What was agreed to as the session began. */
  scopes: readonly string[];
  /** Since when it is no longer agreed to, by scope: milliseconds since 1970 by the database's clock. */
  withdrawnAt: Partial<Record<Scope, number>>;
  endedAt: number | null;
  exercises: Tracked[];
};

/** What the database says now: `at` is its clock. Sessions that it does not know are missing. */
export type SessionStates = { at: number; states: ReadonlyMap<string, SessionState> };

/** What a session comes to. Moments are milliseconds since 1970 by the browser's clock, ranges degrees. */
export type SessionResult = {
  algorithmVersion: number;
  exercises: {
    place: number;
    reps: { startMs: number; turnMs: number; endMs: number; range: number | null }[];
    range: number | null;
    measured: { joint: string; side: "left" | "right" } | null;
    signal: string | null;
    confidence: number;
    view: string | null;
    frames: { withPerson: number; withoutPerson: number; dropped: number };
    gaps: number;
  }[];
  media: {
    place: number;
    watched: number;
    durationMs: number | null;
    stalls: { atMs: number; lengthMs: number }[];
    rates: { rate: number; seconds: number }[];
  }[];
};

export type ReplayObject = { key: string; sha256: string; bytes: number };

/**
 * What telemetry may ask and say of the core (TEL-05, TEL-10): the functions of the schema app_telemetry, and nothing else.
 * Each may be repeated: it changes nothing the second time.
 */
export interface Publisher {
  sessionStates(sessions: readonly string[]): Promise<SessionStates>;
  /** Batches from..to never came. */
  recordGap(session: string, from: number, to: number): Promise<void>;
  publishAggregated(session: string, result: SessionResult): Promise<void>;
  /** Sessions that are over for the core and were never finalized, for this worker to do. */
  claimToFinalize(worker: string, most: number): Promise<string[]>;
  /** Null: there is nothing to play again. */
  finalized(session: string, replay: ReplayObject | null): Promise<void>;
}
