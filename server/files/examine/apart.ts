import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Refusal } from "../../../runtime/refusal.ts";
import type { Rejection } from "./rejection.ts";
import type { Order, Report } from "./thread.ts";

/** A parser may take so much for itself; the bytes and what is unpacked of them are counted besides. */
const MOST_MB = 384;
const LONGEST_MS = 15_000;
/** A thread takes half a second to begin, so some wait for the next file; the parser's own memory goes with them in time. */
const IDLE = 2;
const FILES_OF_A_THREAD = 50;

export type Examined = { bytes: Buffer; rejection: Rejection | null };

type Thread = { worker: Worker; mostMb: number; files: number };
const idle: Thread[] = [];

/**
 * Examines bytes in a thread, with bounds on memory and time, so that what somebody made to hurt a parser hurts nobody
 * else who is being served (FND-13, FND-27). The bytes move to the thread and come back with its answer, without a copy; those
 * of a drawn signature come back written anew (CNS-05, SPC-04).
 * What fills the memory is too_complex, for good; what takes too long may be tried again. Either ends the thread.
 */
export async function examineApart(
  bytes: Buffer,
  contentType: string,
  { longestMs = LONGEST_MS, mostMb = MOST_MB, asSignature = false } = {},
): Promise<Examined> {
  const thread = takeThread(mostMb);
  const { worker } = thread;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), longestMs);
  let isWell = false;
  try {
    const order: Order = { bytes: alone(bytes), contentType, asSignature };
    worker.postMessage(order, [order.bytes.buffer as ArrayBuffer]);
    // An error of the thread rejects, and so does the signal.
    const [report] = (await once(worker, "message", { signal: over.signal })) as [Report];
    isWell = true;
    const { buffer, byteOffset, byteLength } = report.bytes;
    return { bytes: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength), rejection: report.rejection };
  } catch (error) {
    if (over.signal.aborted) {
      throw new Refusal("UNAVAILABLE", "check_too_slow");
    }
    if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
    return { bytes: Buffer.alloc(0), rejection: "too_complex" };
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
    resourceLimits: { maxOldGenerationSizeMb: mostMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  worker.unref(); // it keeps no process alive; who waits for an answer does, by the timer
  worker.on("error", leave);
  return { worker, mostMb, files: 0 };
}

function giveBack(thread: Thread): void {
  thread.files += 1;
  if (idle.length >= IDLE || thread.files >= FILES_OF_A_THREAD) {
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

/** Bytes that share their memory with nothing else can be moved. */
function alone(bytes: Buffer): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
