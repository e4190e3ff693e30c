import { createHash } from "node:crypto";
import type { Rate } from "./rates.ts";

/** What is left of an allowance after something was spent of it, or why nothing was. */
export type Balance = {
  allowed: boolean;
  /** Points that may still be spent at once. */
  remaining: number;
  /** Until all of it is back. */
  fullInMs: number;
  /** Until what was asked for would be allowed; 0 when it was. */
  retryInMs: number;
};

/** What a server tells the others about a caller, and what it hears back: milliseconds ahead of time. */
export type Sharing = (spending: { key: Buffer; spentMs: number }[]) => Promise<Map<string, number>>;

export type Allowances = {
  spend(name: string, who: string, rate: Rate, points?: number): Balance;
  /** Tells the other servers now; otherwise once a second. Never fails: without them each counts alone. */
  share(): Promise<void>;
  /** Callers that are remembered now. */
  size(): number;
  close(): void;
};

type Spent = {
  /** The moment at which the allowance will be full again. */
  until: number;
  /** Spent here and not told to anybody yet, in milliseconds of the allowance. */
  untold: number;
  rate: Rate;
};

/** Callers whose spending is remembered at most; the ones that spoke least recently go first. */
const MOST_CALLERS = 50_000;
const SHARE_EVERY_MS = 1_000;
/** The part of a burst below which spending is not shared with other servers. */
const WORTH_TELLING = 0.1;

/**
 * Allowances that fill up by themselves: each point spent moves the moment at which all is back into the
 * future, and nobody may be ahead by more than the burst. One number per caller, no timer, no window whose
 * edge lets twice as much through (FND-27). Counted in memory, so that a request waits for nothing; with
 * `sharing`, servers tell each other once a second who has spent much, and go on alone when that fails.
 */
export function createAllowances({
  sharing,
  onOutage = () => {},
  now = Date.now,
}: {
  sharing?: Sharing | undefined;
  onOutage?: ((error: Error | null) => void) | undefined;
  now?: () => number;
} = {}): Allowances {
  const spent = new Map<string, Spent>();
  let isOut = false;
  let sharingNow: Promise<void> | null = null;

  async function tell(): Promise<void> {
    const at = now();
    const told: { entry: Spent; key: Buffer; spentMs: number }[] = [];
    for (const [id, entry] of spent) {
      const ahead = entry.until - at;
      if (ahead <= 0) {
        spent.delete(id);
      } else if (entry.untold > 0 && ahead >= WORTH_TELLING * burstMs(entry.rate)) {
        // What was spent long ago has come back since, here and everywhere.
        told.push({ entry, key: keyOf(id), spentMs: Math.ceil(Math.min(entry.untold, ahead)) });
        entry.untold = 0;
      }
    }
    if (told.length === 0 || !sharing) return;
    try {
      const heard = await sharing(told);
      for (const { entry, key } of told) {
        const ahead = heard.get(key.toString("hex"));
        // What was spent here while they answered comes on top.
        if (ahead !== undefined) entry.until = Math.max(entry.until, now() + ahead + entry.untold);
      }
      if (isOut) onOutage(null);
      isOut = false;
    } catch (error) {
      for (const { entry, spentMs } of told) entry.untold += spentMs;
      if (!isOut) onOutage(error as Error);
      isOut = true;
    }
  }

  const share = (): Promise<void> => {
    sharingNow ??= tell().finally(() => {
      sharingNow = null;
    });
    return sharingNow;
  };
  const timer = setInterval(share, SHARE_EVERY_MS);
  timer.unref();

  return {
    spend(name, who, rate, points = 1) {
      const id = `${name} ${who}`;
      const at = now();
      const pointMs = 60_000 / rate.perMinute;
      const burst = burstMs(rate);
      // What alone is more than a burst takes all of it: else it could never be had.
      const cost = Math.min(points, rate.burst) * pointMs;
      const entry = spent.get(id) ?? { until: at, untold: 0, rate };
      const ahead = Math.max(0, entry.until - at);
      const allowed = ahead + cost <= burst + 0.001;
      const until = at + ahead + (allowed ? cost : 0);
      if (allowed && cost > 0) {
        entry.until = until;
        entry.untold += cost;
        spent.delete(id); // to the end: the callers at the front are the ones that were silent longest
        if (spent.size >= MOST_CALLERS) spent.delete(spent.keys().next().value as string);
        spent.set(id, entry);
      }
      return {
        allowed,
        remaining: Math.max(0, Math.floor((burst - (until - at)) / pointMs + 0.001)),
        fullInMs: until - at,
        retryInMs: allowed ? 0 : ahead + cost - burst,
      };
    },
    share,
    size: () => spent.size,
    close: () => clearInterval(timer),
  };
}

function burstMs(rate: Rate): number {
  return (rate.burst * 60_000) / rate.perMinute;
}

/** Callers are told to the database as digests: no address and no person stands there. */
function keyOf(id: string): Buffer {
  return createHash("sha256").update(id).digest().subarray(0, 16);
}
