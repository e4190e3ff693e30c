import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SessionResult } from "../publisher.ts";
import type { SummaryInput } from "./summary.ts";
import type { Report } from "./thread.ts";

/** An hour of pictures takes some hundred megabytes and a few seconds. */
const MOST_MB = 1_024;
const LONGEST_MS = 120_000;

export type Summariser = {
  summarise(input: SummaryInput): Promise<SessionResult>;
  close(): Promise<void>;
};

/**
 * A thread that aggregates, one session at a time, with bounds on memory and time. One that came to its bounds is
 * replaced by the next.
 */
export function summariserInThread({ longestMs = LONGEST_MS, mostMb = MOST_MB } = {}): Summariser {
  let worker: Worker | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const begin = (): Worker => {
    const next = new Worker(new URL("./thread.ts", import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: mostMb },
    });
    next.unref(); // it keeps no process alive; who waits for an answer does, by the timer
    next.on("error", () => {
      if (worker === next) worker = null;
    });
    return next;
  };

  const one = async (input: SummaryInput): Promise<SessionResult> => {
    worker ??= begin();
    const mine = worker;
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), longestMs);
    try {
      mine.postMessage(input);
      const [report] = (await once(mine, "message", { signal: over.signal })) as [Report];
      if ("failure" in report) throw new Error(report.failure);
      return report.result;
    } catch (error) {
      worker = null;
      await mine.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    summarise(input) {
      const next = turn.then(() => one(input));
      // Who asked hears of a failure; the next one has its turn all the same.
      turn = next.catch(() => {});
      return next;
    },
    async close() {
      await turn;
      await worker?.terminate();
    },
  };
}
