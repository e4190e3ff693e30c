import { sizeRejection } from "./picture.ts";
import type { Format } from "./rejection.ts";

/** WebP: a RIFF container as long as it says, chunk after chunk, with a picture whose size can be read. */
export const webp: Format = {
  begins: (bytes) =>
    bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP" ? 0 : -1,

  read(bytes) {
    const end = 8 + bytes.readUInt32LE(4);
    if (end > bytes.length) return "truncated";
    let hasPicture = false;
    let at = 12;
    while (at + 8 <= end) {
      const type = bytes.toString("latin1", at, at + 4);
      const length = bytes.readUInt32LE(at + 4);
      const body = bytes.subarray(at + 8, at + 8 + length);
      at += 8 + length + (length % 2);
      const [width, height] = sizeOf(type, body) ?? [];
      if (width === undefined || height === undefined) continue;
      const rejection = sizeRejection(width, height);
      if (rejection) return rejection;
      hasPicture = true;
    }
    if (at !== end || !hasPicture) return "malformed";
    return end === bytes.length ? null : "second_type";
  },
};

/** https://developers.google.com/speed/webp/docs/riff_container */
function sizeOf(type: string, body: Buffer): [width: number, height: number] | null {
  if (type === "VP8 ") {
    if (body.length < 10 || body.readUIntBE(3, 3) !== 0x9d012a) return [0, 0];
    return [body.readUInt16LE(6) & 0x3fff, body.readUInt16LE(8) & 0x3fff];
  }
  if (type === "VP8L") {
    if (body.length < 5 || body[0] !== 0x2f) return [0, 0];
    const bits = body.readUInt32LE(1);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  }
  if (type === "VP8X") {
    if (body.length < 10) return [0, 0];
    return [body.readUIntLE(4, 3) + 1, body.readUIntLE(7, 3) + 1];
  }
  return null;
}
