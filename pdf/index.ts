import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { RenderingRefused } from "./rejection.ts";
import type { Order, Report } from "./thread.ts";

export type { DocumentInput } from "./input.ts";
export { picturesIn } from "./pictures.ts";
export { RenderingRefused } from "./rejection.ts";

export type Rendered = { bytes: Buffer; pages: number };

/** What one document may take; layout holds all of its pages at once. */
const MOST_MB = 384;
const LONGEST_MS = 60_000;
/** A thread takes a second to load what it needs, so one waits for the next document; what it keeps goes with it in time. */
const IDLE = 1;
const DOCUMENTS_OF_A_THREAD = 50;

type Thread = { worker: Worker; mostMb: number; documents: number };
const idle: Thread[] = [];

/**
 * The bytes of a document, made in a thread with bounds on memory and time, so that no document holds up what else the process
 * does (DOC-02). What cannot be rendered is RenderingRefused with its reason, among them too_complex for what fills the memory
 * or takes too long; either ends the thread.
 */
export async function render(
  input: unknown,
  pictures: ReadonlyMap<string, Uint8Array>,
  { longestMs = LONGEST_MS, mostMb = MOST_MB } = {},
): Promise<Rendered> {
  const thread = takeThread(mostMb);
  const { worker } = thread;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), longestMs);
  let isWell = false;
  try {
    isWell = true; // as long as it has not begun
    worker.postMessage({ input, pictures: [...pictures] } satisfies Order);
    isWell = false;
    const [report] = (await once(worker, "message", { signal: over.signal })) as [Report];
    isWell = true;
    if ("rejection" in report) throw new RenderingRefused(report.rejection, report.detail);
    const { buffer, byteOffset, byteLength } = report.bytes;
    return { bytes: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength), pages: report.pages };
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
    // A RangeError is an input of blocks inside blocks, too deep to be handed to a thread.
    if (isFull || over.signal.aborted || error instanceof RangeError)
      throw new RenderingRefused("too_complex");
    throw error;
  } finally {
    clearTimeout(timer);
    if (isWell) giveBack(thread);
    else await worker.terminate();
  }
}

function takeThread(mostMb: number): Thread {
  const place = idle.findIndex((thread) => thread.mostMb === mostMb);
  const [waiting] = place === -1 ? [] : idle.splice(place, 1);
  if (waiting) return waiting;
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    env: { NODE_ENV: "production" }, // react is twice as slow without
    resourceLimits: { maxOldGenerationSizeMb: mostMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  worker.unref(); // it keeps no process alive; who waits for an answer does, by the timer
  worker.on("error", leave);
  return { worker, mostMb, documents: 0 };
}

function giveBack(thread: Thread): void {
  thread.documents += 1;
  if (idle.length >= IDLE || thread.documents >= DOCUMENTS_OF_A_THREAD) {
    void thread.worker.terminate();
    return;
  }
  idle.push(thread);
}

/** One that ends while it waits is not asked again. */
function leave(this: Worker): void {
  const place = idle.findIndex(({ worker }) => worker === this);
  if (place !== -1) idle.splice(place, 1);
}
