/** A thread in which files are examined, one after the other; see apart.ts. */
import { parentPort } from "node:worker_threads";
import { drawnSignature } from "../pictures/drawn_signature.ts";
import { examine } from "./index.ts";
import type { Rejection } from "./rejection.ts";

/** What a thread is asked, and what it answers: the bytes as they are, or those of a signature that was written anew. */
export type Order = { bytes: Uint8Array; contentType: string; asSignature: boolean };
export type Report = { bytes: Uint8Array; rejection: Rejection | null };

parentPort?.on("message", async ({ bytes, contentType, asSignature }: Order) => {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const report = asSignature
    ? await writtenAnew(given, bytes)
    : { bytes, rejection: await examine(given, contentType) };
  parentPort?.postMessage(report satisfies Report, [report.bytes.buffer as ArrayBuffer]);
});

async function writtenAnew(given: Buffer, bytes: Uint8Array): Promise<Report> {
  const drawn = await drawnSignature(given);
  return typeof drawn === "string"
    ? { bytes, rejection: drawn }
    : { bytes: new Uint8Array(drawn), rejection: null };
}
