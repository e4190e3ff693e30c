import { setTimeout as pause } from "node:timers/promises";
import { Delayed } from "../providers/failures.ts";

/** The longest that a job waits for a vendor while it holds its place, in seconds; the rest is the queue's. */
const PATIENCE = 20;

/** A vendor that says when it wants to be asked again is not asked before, as far as a job can wait. */
export async function heed(error: unknown, signal: AbortSignal | undefined): Promise<void> {
  const seconds = error instanceof Delayed ? Math.min(error.retryAfter ?? 0, PATIENCE) : 0;
  // Rejects only when the worker is told to stop: then the job goes back to the queue at once.
  if (seconds > 0) await pause(seconds * 1000, undefined, signal ? { signal } : {}).catch(() => {});
}
