/** A thread in which files are examined, one after the other; see apart.ts. */
import { parentPort } from "node:worker_threads";
import type { Order, Report } from "./apart.ts";
import { examine } from "./index.ts";

parentPort?.on("message", async ({ bytes, contentType }: Order) => {
  const rejection = await examine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType);
  parentPort?.postMessage({ bytes, rejection } satisfies Report, [bytes.buffer as ArrayBuffer]);
});
