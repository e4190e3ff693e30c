import { LandmarkCodecError, MAX_INFLATED_BYTES } from "./landmark_codec.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Compresses with what browsers and Node have built in. */
export async function deflate(bytes: Bytes): Promise<Bytes> {
  return await through(new CompressionStream("deflate-raw"), bytes, Number.POSITIVE_INFINITY);
}

/**
 * Inflates at most `most` bytes. Bytes come out in pieces of some kilobytes and each is counted, so a small body that
 * stands for gigabytes costs no more than the limit.
 */
export async function inflate(bytes: Bytes, most: number): Promise<Bytes> {
  try {
    return await through(new DecompressionStream("deflate-raw"), bytes, Math.min(most, MAX_INFLATED_BYTES));
  } catch (error) {
    if (error instanceof LandmarkCodecError) throw error;
    throw new LandmarkCodecError("not_inflatable");
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Bytes,
  most: number,
): Promise<Bytes> {
  const writer = stream.writable.getWriter();
  // Where these fail, reading fails too, and says so.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => {});
      throw new LandmarkCodecError("inflated_too_large");
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
