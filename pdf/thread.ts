/** A thread in which documents are rendered, one after the other; see index.ts. Only here is the renderer loaded. */
import { parentPort } from "node:worker_threads";
import type { z } from "zod";
import { documentInput } from "./input.ts";
import type { Rejection } from "./rejection.ts";
import { renderDocument } from "./render.ts";
import { type Failure, whatFailed } from "./what_failed.ts";

export type Order = { input: unknown; pictures: [objectKey: string, bytes: Uint8Array][] };
export type Report = { bytes: Uint8Array; pages: number } | { rejection: Rejection; detail: string };

// The renderer has nothing to load: fonts and pictures are here. Whatever it might ask for elsewhere is not asked.
globalThis.fetch = () => Promise.reject(new Error("a document loads nothing"));
// It warns of rows that are taller than a page, by their contents' places; they are shown all the same.
console.warn = () => {};

parentPort?.on("message", async ({ input, pictures }: Order) => {
  try {
    const read = documentInput.safeParse(input);
    if (!read.success) return answer(notValid(read.error));
    const { bytes, pages } = await renderDocument(read.data, new Map(pictures));
    answer({ bytes: new Uint8Array(bytes), pages });
  } catch (error) {
    const failure: Failure | null = whatFailed(error);
    if (!failure) throw error;
    answer(failure);
  }
});

function notValid({ issues }: z.ZodError): Failure {
  const places = issues.slice(0, 5).map(({ path, code }) => `${path.join(".")} ${code}`);
  return { rejection: "input_not_valid", detail: places.join(", ") };
}

function answer(report: Report): void {
  parentPort?.postMessage(report, "bytes" in report ? [report.bytes.buffer as ArrayBuffer] : []);
}
