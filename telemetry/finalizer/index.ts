import { randomUUID } from "node:crypto";
import { Counter, Gauge, Histogram, type Registry } from "@prometheus-io/client";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import { type FinalizeWith, finalize } from "./finalize.ts";

/** How many are finalized at once: while one waits for the store, the next is aggregated. */
const AT_ONCE = 3;
const LOOK_MS = 1_000;
const CLAIM_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export type Finalizer = {
  /** Looks at once whether a session has ended. */
  wake(): void;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
};

/**
 * Finalizes every session that has ended, those of the buffer and those that the core says were forgotten. What fails is
 * tried again, after pauses that double up to a minute, for as long as it takes: no session is given up (TEL-02).
 */
export function startFinalizer(
  using: FinalizeWith,
  { metrics, log, claimMs = CLAIM_MS }: { metrics: Registry; log: Logger; claimMs?: number },
): Finalizer {
  const worker = randomUUID();
  const running = new Map<string, Promise<void>>();
  const failed = new Map<string, { times: number; again: number }>();
  const claimed = new Set<string>();
  let claimedAt = Number.NEGATIVE_INFINITY;
  let isStopping = false;
  const { seconds, failures } = finalizerMetrics(metrics, () => waiting().length);

  const waiting = () => [...new Set([...using.buffer.ended(Date.now()), ...claimed])];

  const run = async (session: string): Promise<void> => {
    const done = seconds.startTimer();
    try {
      await finalize(session, using);
      done();
      failed.delete(session);
      claimed.delete(session);
    } catch (error) {
      failures.inc();
      const times = (failed.get(session)?.times ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
      failed.set(session, { times, again: Date.now() + pause });
      log.error({ session, times, error: describeError(error) }, "a session is not finalized yet");
    }
  };

  const look = (): void => {
    if (isStopping) return;
    for (const session of waiting()) {
      if (running.size >= AT_ONCE) return;
      if (running.has(session) || Date.now() < (failed.get(session)?.again ?? 0)) continue;
      const ending = run(session).finally(() => {
        running.delete(session);
        look();
      });
      running.set(session, ending);
    }
  };

  const claim = async (): Promise<void> => {
    claimedAt = performance.now();
    try {
      for (const session of await using.publisher.claimToFinalize(worker, 20)) claimed.add(session);
    } catch (error) {
      log.warn({ error: describeError(error) }, "the core was not asked which sessions are over");
    }
  };

  const timer = setInterval(() => {
    if (performance.now() >= claimedAt + claimMs) void claim();
    look();
  }, LOOK_MS);
  void claim().then(look);

  return {
    wake: look,
    async stop() {
      isStopping = true;
      clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}

function finalizerMetrics(registry: Registry, waiting: () => number) {
  const seconds = new Histogram({
    name: "restartix_telemetry_finalized_seconds",
    help: "Time from the beginning of a session's finalization to its end.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const failures = new Counter({
    name: "restartix_telemetry_finalize_failures_total",
    help: "Finalizations that failed and are tried again.",
    registers: [registry],
  });
  new Gauge({
    name: "restartix_telemetry_waiting_to_finalize",
    help: "Sessions that have ended and are not finalized.",
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
  return { seconds, failures };
}
