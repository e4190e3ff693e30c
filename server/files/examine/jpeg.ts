import { sizeRejection } from "./picture.ts";
import type { Format } from "./rejection.ts";

const [SOI, EOI, SOS, DHT, JPG, DAC] = [0xd8, 0xd9, 0xda, 0xc4, 0xc8, 0xcc];

/** JPEG: segment after segment, one frame with its size, scans, and the end mark as the last two bytes. */
export const jpeg: Format = {
  begins: (bytes) => (bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff ? 0 : -1),

  read(bytes) {
    let hasFrame = false;
    let hasScan = false;
    for (let at = 2; at + 2 <= bytes.length; ) {
      if (bytes[at] !== 0xff) return "malformed";
      const marker = bytes[at + 1] ?? 0;
      if (marker === 0xff) {
        at += 1; // padding between segments
        continue;
      }
      if (marker === EOI) {
        if (!hasScan) return "malformed";
        return bytes.subarray(at + 2).every((byte) => byte === 0) ? null : "second_type";
      }
      if (marker === SOI || marker < 0xc0 || at + 4 > bytes.length) return "malformed";
      const next = at + 2 + bytes.readUInt16BE(at + 2);
      if (next > bytes.length) return "truncated";
      if (next < at + 4) return "malformed";
      if (isFrame(marker)) {
        if (next < at + 10) return "malformed";
        const rejection = sizeRejection(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
        if (rejection) return rejection;
        hasFrame = true;
      }
      if (marker === SOS) {
        if (!hasFrame) return "malformed";
        hasScan = true;
        at = endOfScan(bytes, next);
        if (at === -1) return "truncated";
      } else at = next;
    }
    return "truncated";
  },
};

/** Of a marker from 0xC0 on. */
function isFrame(marker: number): boolean {
  return marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
}

/** Where the next marker is: in a scan, 0xFF is followed by 0 where it is data, by D0 to D7 where it restarts. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return -1;
}
