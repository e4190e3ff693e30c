import { crc32 } from "node:zlib";
import type { Format } from "./index.ts";
import { isPicture } from "./picture.ts";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Bit depths by colour type: https://www.w3.org/TR/png-3/#11IHDR */
const depths: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** PNG: every chunk with its checksum, IHDR first, pixels, IEND last. */
export const png: Format = {
  begins: (bytes) => bytes.subarray(0, 8).equals(SIGNATURE),

  read(bytes) {
    let hasPixels = false;
    for (let at = 8; at + 12 <= bytes.length; ) {
      const length = bytes.readUInt32BE(at);
      const end = at + 12 + length;
      if (end > bytes.length) return "broken";
      const body = bytes.subarray(at + 4, end - 4);
      if (crc32(body) !== bytes.readUInt32BE(end - 4)) return "broken";
      const type = body.toString("latin1", 0, 4);
      if ((at === 8) !== (type === "IHDR")) return "broken";
      if (type === "IHDR" && !isHeader(body.subarray(4))) return "broken";
      if (type === "IDAT") hasPixels = true;
      if (type === "IEND") {
        if (!hasPixels || length !== 0) return "broken";
        return end === bytes.length ? "whole" : "trailed";
      }
      at = end;
    }
    return "broken";
  },
};

function isHeader(header: Buffer): boolean {
  return (
    header.length === 13 &&
    isPicture(header.readUInt32BE(0), header.readUInt32BE(4)) &&
    (depths[header.readUInt8(9)] ?? []).includes(header.readUInt8(8)) &&
    header.readUInt8(10) === 0 &&
    header.readUInt8(11) === 0 &&
    header.readUInt8(12) <= 1
  );
}
