import { crc32 } from "node:zlib";
import { inflatedLength } from "./inflated.ts";
import { sizeRejection } from "./picture.ts";
import type { Format, Rejection } from "./rejection.ts";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Bit depths by colour type: https://www.w3.org/TR/png-3/#11IHDR */
const depths: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const channels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What the pixels of one picture may take unpacked: a scan of A4 at 400 dots in colour, an X-ray in 16 bits. */
const MOST_UNPACKED = 64 << 20;
/** Colour profiles and texts are packed, too; some readers unpack them all before they show anything. */
const MOST_BESIDE = 8 << 20;

/**
 * PNG: every chunk with its checksum, IHDR first, pixels, IEND last. What IHDR says decides how much its pixels unpack to,
 * so that nothing is unpacked that is said to be too much; and what they do unpack to must not be more.
 */
export const png: Format = {
  begins: (bytes) => (bytes.subarray(0, 8).equals(SIGNATURE) ? 0 : -1),

  async read(bytes) {
    const pixels: Buffer[] = [];
    let expected = 0;
    let beside = 0;
    for (let at = 8; at + 12 <= bytes.length; ) {
      const length = bytes.readUInt32BE(at);
      const end = at + 12 + length;
      if (end > bytes.length) return "truncated";
      const chunk = bytes.subarray(at + 4, end - 4);
      if (crc32(chunk) !== bytes.readUInt32BE(end - 4)) return "malformed";
      const type = chunk.toString("latin1", 0, 4);
      const body = chunk.subarray(4);
      if ((at === 8) !== (type === "IHDR")) return "malformed";
      if (type === "IHDR") {
        const rejection = headerRejection(body);
        if (rejection) return rejection;
        expected = unpackedLength(body);
        if (expected > MOST_UNPACKED) return "too_many_pixels";
      }
      if (type === "IDAT") pixels.push(body);
      const packed = packedPart(type, body);
      if (packed) {
        beside += (await inflatedLength(packed, MOST_BESIDE)) ?? 0;
        if (beside > MOST_BESIDE) return "inflates_too_far";
      }
      if (type === "IEND") {
        if (pixels.length === 0 || length !== 0) return "malformed";
        const unpacked = await inflatedLength(Buffer.concat(pixels), expected);
        if (unpacked === null) return "malformed";
        if (unpacked > expected) return "inflates_too_far";
        return end === bytes.length ? null : "second_type";
      }
      at = end;
    }
    return "truncated";
  },
};

function headerRejection(header: Buffer): Rejection | null {
  const isHeader =
    header.length === 13 &&
    (depths[header.readUInt8(9)] ?? []).includes(header.readUInt8(8)) &&
    header.readUInt8(10) === 0 &&
    header.readUInt8(11) === 0 &&
    header.readUInt8(12) <= 1;
  return isHeader ? sizeRejection(header.readUInt32BE(0), header.readUInt32BE(4)) : "malformed";
}

/** Bytes of the rows with their filter bytes; with interlacing up to seven times as many rows begin. */
function unpackedLength(header: Buffer): number {
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const bits = header.readUInt8(8) * (channels[header.readUInt8(9)] ?? 0);
  const rows = height * Math.ceil((width * bits) / 8) + height;
  return header.readUInt8(12) === 1 ? rows + 8 * height + 8 * (width + 8) : rows;
}

/** The zlib part of chunks that have one: a colour profile, or text after a keyword. */
function packedPart(type: string, body: Buffer): Buffer | null {
  /** Where a text from here on ends: at a NUL, or nowhere. */
  const endOf = (from: number) => {
    const at = body.indexOf(0, from);
    return at === -1 ? body.length : at;
  };
  const word = endOf(0);
  if (type === "iCCP" || type === "zTXt") return body.subarray(word + 2);
  if (type !== "iTXt" || body[word + 1] !== 1) return null;
  const language = endOf(word + 3);
  const translated = endOf(language + 1);
  return body.subarray(translated + 1);
}
