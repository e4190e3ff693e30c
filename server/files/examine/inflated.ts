import { constants, createInflate, inflateSync } from "node:zlib";

/** Data that is cut off is unpacked as far as it goes, as readers do. */
const finishFlush = constants.Z_SYNC_FLUSH;

/** Tried at once first; more than this is counted piece by piece, and kept nowhere. */
const AT_ONCE = 4 << 20;

/**
 * How many bytes come out of a zlib stream, at most one more than `most`; null when it is none at all. One that is cut off,
 * or has something behind its end, is as long as what comes out, as readers take it.
 */
export async function inflatedLength(bytes: Uint8Array, most: number): Promise<number | null> {
  try {
    return inflateSync(bytes, { finishFlush, maxOutputLength: Math.min(AT_ONCE, most + 1) }).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") {
      return null;
    }
  }
  const inflate = createInflate({ finishFlush, chunkSize: 256 << 10 });
  inflate.end(bytes);
  let length = 0;
  try {
    for await (const piece of inflate) {
      length += piece.length;
      if (length > most) return most + 1;
    }
  } catch {
    // What came out until then is what a reader gets.
  }
  return length;
}
