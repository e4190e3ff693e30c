/** A thread in which files are examined, one after the other; see apart.ts. */
import { parentPort } from "node:worker_threads";
import { examine } from "./index.ts";
import type { Rejection } from "./rejection.ts";

/** What a thread is asked, and what it answers. */
export type Order = { bytes: Uint8Array; contentType: string };
export type Report = { bytes: Uint8Array; rejection: Rejection | null };

parentPort?.on("message", async ({ bytes, contentType }: Order) => {
  const rejection = await examine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType);
  parentPort?.postMessage({ bytes, rejection } satisfies Report, [bytes.buffer as ArrayBuffer]);
});
