import { Refused, Unreachable } from "./refused.ts";

/** How long is waited, and how often is tried. */
export type Patience = {
  /** How often a call is sent at most. */
  tries: number;
  /** The pause after the first try; each one after it is twice as long. */
  pauseMs: number;
  /** The longest pause that the API may ask for; where it asks for more, the caller is told. */
  longestPauseMs: number;
};

export const usualPatience: Patience = { tries: 4, pauseMs: 300, longestPauseMs: 10_000 };

/**
 * Sends a call again where that can do no harm. `isRepeatable`: done twice is as done once, since it only reads or since
 * the API remembers its Idempotency-Key. Of any other call nobody knows whether it was done when no answer came.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { isRepeatable, patience, signal }: { isRepeatable: boolean; patience: Patience; signal?: AbortSignal },
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pause = pauseAfter(error, isRepeatable, backoff(tried, patience));
      if (signal?.aborted || pause === null || tried >= patience.tries || pause > patience.longestPauseMs)
        throw error;
      await wait(pause, signal);
    }
  }
}

/** How long to wait before the call is sent again; null where it is not. */
function pauseAfter(error: unknown, isRepeatable: boolean, usual: number): number | null {
  if (error instanceof Unreachable) return isRepeatable ? usual : null;
  if (!(error instanceof Refused)) return null;
  const { refusal } = error;
  switch (refusal.code) {
    case "RATE_LIMITED":
      // It was not begun. Without a time, it is no matter of waiting.
      return "retryAfterSeconds" in refusal.details ? refusal.details.retryAfterSeconds * 1_000 : null;
    case "TIMEOUT":
      return usual; // it was stopped, and nothing was written
    case "UNAVAILABLE":
      return isRepeatable ? usual : null;
    default:
      return null;
  }
}

/** Longer each time, and never the same for everybody whom one interruption hit. */
export function backoff(tried: number, { pauseMs, longestPauseMs }: Patience): number {
  return Math.min(pauseMs * 2 ** (tried - 1), longestPauseMs) * (0.5 + Math.random() / 2);
}

export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
