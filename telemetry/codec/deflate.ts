import { type Compression, LandmarkCodecError, MAX_INFLATED_BYTES } from "./landmark_codec.ts";

/** What browsers and Node have built in alike. */
export const builtIn: Compression = {
  async deflate(bytes) {
    return await through(new CompressionStream("deflate-raw"), bytes, Number.POSITIVE_INFINITY);
  },

  /** Bytes come out in pieces of some kilobytes and each is counted: what stands for gigabytes costs no more than the limit. */
  async inflate(bytes, most) {
    try {
      return await through(new DecompressionStream("deflate-raw"), bytes, Math.min(most, MAX_INFLATED_BYTES));
    } catch (error) {
      if (error instanceof LandmarkCodecError) throw error;
      throw new LandmarkCodecError("not_inflatable");
    }
  },
};

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array> {
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
