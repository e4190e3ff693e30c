import { crc32, deflateSync } from "node:zlib";
import type { Pixels } from "./decode_png.ts";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** A PNG of these pixels and of nothing else: header, pixels, end. The same pixels make the same bytes. */
export function encodePng({ width, height, rgba }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const length = width * 4;
  const rows = Buffer.alloc(height * (length + 1));
  for (let row = 0; row < height; row++) {
    // Each row as the difference to the one above: strokes on a plain ground pack well so.
    rows[row * (length + 1)] = 2;
    for (let at = 0; at < length; at++) {
      const above = row === 0 ? 0 : (rgba[(row - 1) * length + at] ?? 0);
      rows[row * (length + 1) + 1 + at] = ((rgba[row * length + at] ?? 0) - above) & 255;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const framed = Buffer.alloc(12 + body.length);
  framed.writeUInt32BE(body.length, 0);
  framed.write(type, 4, "latin1");
  body.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + body.length)), 8 + body.length);
  return framed;
}
