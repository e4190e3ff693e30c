import type { Answer, Post } from "./ingest.ts";
import type { KeptRecording, KeptRecordings, PlayerEvent, WaitingBatch } from "./kept.ts";
import { APART_MS, EVENTS_AT_ONCE, LONGEST_WAIT_MS } from "./limits.ts";

export type Stream = "pose" | "media";

/** What became of something that was sent: gone from this device, to be sent again, or that nothing more is taken. */
type Outcome = "done" | "again" | "stopped";

/** Why a stream is no longer recorded: a reason of the server, or that no new token was to be had. */
export type Stop = { stream: Stream; reason: string };

type Options = {
  recording: KeptRecording;
  kept: KeptRecordings;
  post: Post;
  /** Asks for a token anew; null where there is none any more. Rejects where nobody could be asked. */
  renew(): Promise<string | null>;
  stopped(stop: Stop): void;
  /** A batch that the server will never take: its pictures are left out. */
  lost(batch: WaitingBatch, isNumberTaken: boolean): void;
  changed(): void;
  pause?(ms: number, woken: AbortSignal): Promise<void>;
};

/**
 * Sends what waits, the oldest first, one request at a time, until the server has said of each that it has it; then the end, which
 * may ask for batches once (TEL-02). What cannot be sent now is tried again later and later, or as soon as there is a network.
 */
export function createSending(options: Options) {
  const { recording, kept, post, renew, stopped, lost, changed, pause = pauseFor } = options;
  const batches: WaitingBatch[] = [];
  const events: PlayerEvent[] = [];
  const isStopped = { pose: false, media: false };
  let underway: number | null = null;
  let fails = 0;
  let unknownTokens = 0;
  let isOffline = false;
  let isRunning = false;
  let isClosed = false;
  let wake = new AbortController();
  let ended: (() => void) | null = null;

  const path = { pose: "/v1/pose/frames", media: "/v1/media/events" };

  function stop(stream: Stream, reason: string): void {
    if (isStopped[stream]) return;
    isStopped[stream] = true;
    stopped({ stream, reason });
  }

  /** What an answer means for whoever sent it. */
  async function judged(answer: Answer, streams: Stream[]): Promise<Outcome> {
    isOffline = answer.kind === "later" && answer.isNetwork;
    if (answer.kind === "taken") {
      fails = 0;
      unknownTokens = 0;
      return "done";
    }
    if (answer.kind === "later") {
      await waitFor(answer.afterMs ?? Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** fails++));
      return "again";
    }
    if (answer.kind === "token") {
      const token = await renew().catch(() => undefined);
      if (token === undefined) await waitFor(Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** fails++));
      else if (token === null || (token === recording.token && ++unknownTokens > 1)) {
        for (const stream of streams) stop(stream, "token_expired");
        return "stopped";
      } else {
        recording.token = token;
        await kept.write(recording);
      }
      return "again";
    }
    fails = 0;
    // The patient took the consent back, the session is over, or the token is of another one: nothing more is taken.
    if (answer.status === 403 || answer.status === 410 || answer.status === 404) {
      for (const stream of streams) stop(stream, answer.reason);
      return "stopped";
    }
    return "done";
  }

  async function waitFor(ms: number): Promise<void> {
    changed();
    await pause(ms, wake.signal);
    wake = new AbortController();
  }

  async function sendBatch(batch: WaitingBatch): Promise<void> {
    underway = batch.sequence;
    const answer = await post(path.pose, batch.body, {
      "content-type": "application/vnd.restartix.pose",
      "x-exercise": String(batch.exercise),
    });
    const outcome = await judged(answer, ["pose"]);
    underway = null;
    if (outcome === "again") return;
    if (outcome === "done") {
      if (answer.kind === "refused") lost(batch, answer.status === 409);
      await remove(batch);
    } else for (const one of [...batches]) await remove(one);
  }

  async function remove(batch: WaitingBatch): Promise<void> {
    const at = batches.indexOf(batch);
    if (at >= 0) batches.splice(at, 1);
    await kept.removeBatch(recording.session, batch.sequence);
  }

  async function sendEvents(): Promise<void> {
    const sent = events.slice(0, EVENTS_AT_ONCE);
    const answer = await post(path.media, JSON.stringify({ events: sent }), {
      "content-type": "application/json",
    });
    const outcome = await judged(answer, ["media"]);
    if (outcome === "again") return;
    const gone = outcome === "stopped" ? events.length : sent.length;
    await kept.removeEvents(recording.session, events.splice(0, gone));
  }

  /** True once the server has the end, or will never take it. */
  async function sendEnd(): Promise<boolean> {
    const { session, nextSequence, exercises } = recording;
    const lastSequence = nextSequence > 0 ? nextSequence - 1 : null;
    const answer = await post(`/v1/sessions/${session}/end`, JSON.stringify({ lastSequence, exercises }), {
      "content-type": "application/json",
    });
    if ((await judged(answer, [])) === "again") return false;
    // It asks for what is missing: whatever waited was sent before the end, so what is still missing does not exist.
    if (answer.kind === "taken" && answer.status === 202) {
      await waitFor(APART_MS);
      return false;
    }
    return true;
  }

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      while (!isClosed) {
        const [batch] = batches;
        if (batch) await sendBatch(batch);
        if (events.length > 0) await sendEvents();
        changed();
        if (batches.length > 0 || events.length > 0) {
          await waitFor(APART_MS);
          continue;
        }
        if (!recording.hasEnded) break;
        if (await sendEnd()) {
          await kept.forget(recording.session);
          isClosed = true;
          ended?.();
        }
      }
    } finally {
      isRunning = false;
      changed();
    }
  }

  return {
    get waiting() {
      const ms = batches.reduce((sum, batch) => sum + batch.ms, 0);
      return { batches: batches.length, events: events.length, ms, isOffline, hasEnded: isClosed };
    },
    isStopped: (stream: Stream) => isStopped[stream],
    stop,
    addBatch(batch: WaitingBatch): void {
      batches.push(batch);
    },
    addEvent(event: PlayerEvent): void {
      events.push(event);
    },
    /** Takes the oldest batch out of those that wait, unless it is on its way. */
    async leaveOutOldest(): Promise<WaitingBatch | null> {
      const oldest = batches.find(({ sequence }) => sequence !== underway);
      if (oldest) await remove(oldest);
      return oldest ?? null;
    },
    /** Nothing of the stream is kept on this device any more. */
    async forget(stream: Stream): Promise<void> {
      if (stream === "pose") for (const one of [...batches]) await remove(one);
      else await kept.removeEvents(recording.session, events.splice(0));
    },
    /** Begins to send, unless it does or waits for its next try. */
    send: () => void run(),
    /** Tries again at once. */
    wake(): void {
      wake.abort();
      void run();
    },
    /** Sends what waits, then the end; done once the server has said that it has all of it. */
    end(): Promise<void> {
      const done = new Promise<void>((resolve) => {
        if (isClosed) resolve();
        else ended = resolve;
      });
      void run();
      return done;
    },
    close(): void {
      isClosed = true;
      wake.abort();
    },
  };
}

function pauseFor(ms: number, woken: AbortSignal): Promise<void> {
  if (woken.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    woken.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
