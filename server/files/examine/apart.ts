import { Worker } from "node:worker_threads";
import { Refusal } from "../../errors/refusal.ts";
import type { Rejection } from "./rejection.ts";

/** A parser may take so much for itself; the bytes and what is unpacked of them are counted besides. */
const MOST_MB = 384;
const LONGEST_MS = 15_000;

export type Examined = { bytes: Buffer; rejection: Rejection | null };
/** What the thread is started with, and what it answers. */
export type Order = { bytes: Uint8Array; contentType: string };
export type Report = { bytes: Uint8Array; rejection: Rejection | null };

/**
 * Examines bytes in a thread of their own, with bounds on memory and time, so that what somebody made to hurt a parser
 * hurts nobody else who is being served (FND-13, FND-27). The bytes move to the thread and come back with its answer,
 * without a copy. What fills the memory is too_complex, for good; what takes too long may be tried again.
 */
export async function examineApart(
  bytes: Buffer,
  contentType: string,
  { longestMs = LONGEST_MS, mostMb = MOST_MB } = {},
): Promise<Examined> {
  const whole =
    bytes.byteLength === bytes.buffer.byteLength ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: { bytes: whole, contentType } satisfies Order,
    transferList: [whole.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: mostMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Examined>();
  const timer = setTimeout(
    () =>
      reject(
        new Refusal("UNAVAILABLE", "check_too_slow", {
          hint: "The file took too long to check. Try again in a moment, or save it anew and send that.",
        }),
      ),
    longestMs,
  );
  worker.once("message", ({ bytes: back, rejection }: Report) =>
    resolve({ bytes: Buffer.from(back.buffer, back.byteOffset, back.byteLength), rejection }),
  );
  worker.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
      resolve({ bytes: Buffer.alloc(0), rejection: "too_complex" });
    } else reject(error);
  });
  worker.once("exit", (code) => reject(new Error(`the examination ended without an answer (${code})`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
