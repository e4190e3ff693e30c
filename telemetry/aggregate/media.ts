/**
 * What a player says while somebody watches. `sequence` counts from 0 in each session. `at`: milliseconds since 1970.
 * `position`: seconds of the video at that moment. `speed`: 1 is as recorded.
 *
 * play: begins at the position. reached: still playing there. speed: from there on at another speed. stall: nothing to
 * show there, playing on as soon as there is. resume: there is. seek: jumped from `from` to the position. pause, ended:
 * stops there.
 */
export type MediaEvent = {
  sequence: number;
  at: number;
  position: number;
  speed: number;
} & (
  | { kind: "play" | "reached" | "speed" | "stall" | "resume" | "pause" | "ended" }
  | { kind: "seek"; from: number }
);

/** A wait for the video. `at`: when it began, milliseconds since 1970; `position` and `length` in seconds. */
export type Stall = { at: number; position: number; length: number };

export type MediaAggregate = {
  /** Seconds of the video that were seen at least once. */
  watched: number;
  /** The share of the video that was seen (0..1); null where its length is not known. */
  watchedShare: number | null;
  /** Seconds of the video that were played, those seen again among them. */
  played: number;
  stalls: Stall[];
  /** Seconds of the video that were played at each speed, the slowest first. */
  speeds: { speed: number; seconds: number }[];
  hasEnded: boolean;
  /** Events that the sequence says there were and that never came. */
  missing: number;
};

type Interval = { from: number; to: number };

/** Seconds by which a position may run ahead of the clock; what jumps further was not played, whatever was lost. */
const AHEAD = 1;

/**
 * What was watched in one session, from its events in any order; repeated ones change nothing.
 * `duration`: the length of the video in seconds, null where nobody knows it.
 */
export function aggregateMedia(events: Iterable<MediaEvent>, duration: number | null): MediaAggregate {
  const bySequence = new Map<number, MediaEvent>();
  for (const event of events) if (!bySequence.has(event.sequence)) bySequence.set(event.sequence, event);
  const ordered = [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
  const end = duration ?? Number.POSITIVE_INFINITY;
  const seen: Interval[] = [];
  const stalls: Stall[] = [];
  const bySpeed = new Map<number, number>();
  let waiting: MediaEvent | null = null;
  for (const [i, event] of ordered.entries()) {
    const before = ordered[i - 1];
    if (before && isPlayingAfter(before, waiting !== null)) {
      const interval = playedBetween(before, event, end);
      if (interval) {
        seen.push(interval);
        bySpeed.set(before.speed, (bySpeed.get(before.speed) ?? 0) + interval.to - interval.from);
      }
    }
    if (event.kind === "stall") waiting ??= event;
    else if (waiting && event.kind !== "speed") {
      const length = Math.max(0, event.at - waiting.at) / 1000;
      stalls.push({ at: waiting.at, position: waiting.position, length });
      waiting = null;
    }
  }
  const watched = lengthOfUnion(seen);
  const last = ordered.at(-1);
  return {
    watched,
    watchedShare: duration === null || !(duration > 0) ? null : Math.min(1, watched / duration),
    played: seen.reduce((sum, { from, to }) => sum + to - from, 0),
    stalls,
    speeds: [...bySpeed].map(([speed, seconds]) => ({ speed, seconds })).sort((a, b) => a.speed - b.speed),
    hasEnded: ordered.some(({ kind }) => kind === "ended"),
    missing: last ? last.sequence + 1 - ordered.length : 0,
  };
}

/** A seek keeps the player going if it was: what follows decides, as a player that stands does not move on. */
function isPlayingAfter({ kind }: MediaEvent, isWaiting: boolean): boolean {
  return !isWaiting && kind !== "pause" && kind !== "ended" && kind !== "stall";
}

/** What was played from one event to the next, unless the position went back or ran ahead of the clock. */
function playedBetween(before: MediaEvent, event: MediaEvent, end: number): Interval | null {
  const from = Math.max(0, before.position);
  const to = Math.min(end, event.kind === "seek" ? event.from : event.position);
  const elapsed = (event.at - before.at) / 1000;
  const isPossible = to - from <= elapsed * before.speed + AHEAD;
  return to > from && isPossible ? { from, to } : null;
}

function lengthOfUnion(intervals: readonly Interval[]): number {
  let length = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    length += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return length;
}
