import { MAX_BODY_BYTES } from "./landmark_codec.ts";

/** One batch of a session that is played again: the bytes as they were sent, and the exercise that they belong to. */
export type ReplayBatch = { exercise: number; body: Uint8Array };

/** "RXREPLAY", and a version. */
const MARK = [0x52, 0x58, 0x52, 0x45, 0x50, 0x4c, 0x41, 0x59, 1];
/** Length and exercise. */
const HEAD = 4 + 2;

/** All batches of a session in one piece, in the order in which they are given. Browsers read the same file. */
export function writeReplay(batches: readonly ReplayBatch[]): Uint8Array<ArrayBuffer> {
  const length = batches.reduce((sum, { body }) => sum + HEAD + body.length, MARK.length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(MARK);
  let at = MARK.length;
  for (const { exercise, body } of batches) {
    view.setUint32(at, body.length, true);
    view.setUint16(at + 4, exercise, true);
    bytes.set(body, at + HEAD);
    at += HEAD + body.length;
  }
  return bytes;
}

/** The batches of a session; throws a RangeError on bytes that are none. */
export function readReplay(bytes: Uint8Array): ReplayBatch[] {
  if (MARK.some((byte, i) => bytes[i] !== byte)) throw new RangeError("This is no replay.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batches: ReplayBatch[] = [];
  for (let at = MARK.length; at < bytes.length; ) {
    if (at + HEAD > bytes.length) throw new RangeError("This replay ends within a batch.");
    const length = view.getUint32(at, true);
    const end = at + HEAD + length;
    if (length > MAX_BODY_BYTES || end > bytes.length)
      throw new RangeError("This replay ends within a batch.");
    batches.push({ exercise: view.getUint16(at + 4, true), body: bytes.subarray(at + HEAD, end) });
    at = end;
  }
  return batches;
}
