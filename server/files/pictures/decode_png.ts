import { inflateSync } from "node:zlib";

/** A picture as its pixels: four bytes each, red, green, blue and how opaque it is, row by row from the top. */
export type Pixels = { width: number; height: number; rgba: Buffer };

const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Where the pixels of each of the seven passes of interlacing lie: https://www.w3.org/TR/png-3/#8Interlace */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

type Colours = { palette: Buffer | undefined; transparent: Buffer | undefined };
type Header = { width: number; height: number; depth: number; colour: number; interlaced: boolean };

/**
 * The pixels of a PNG whose chunks were examined (server/files/examine/png.ts), and nothing else of it: no text, profile,
 * time or other thing that a file carries beside its picture. Of 16 bits a channel the upper eight. Null where the rows do
 * not fit the header.
 */
export function decodePng(bytes: Buffer): Pixels | null {
  const chunks = chunksOf(bytes);
  const header = readHeader(chunks.get("IHDR")?.[0] ?? Buffer.alloc(0));
  if (!header) return null;
  const { width, height } = header;
  const colours = { palette: chunks.get("PLTE")?.[0], transparent: chunks.get("tRNS")?.[0] };
  const bitsPerPixel = (channelsOf[header.colour] ?? 0) * header.depth;
  const packed = Buffer.concat(chunks.get("IDAT") ?? []);
  const parts = (header.interlaced ? passes : ([[0, 0, 1, 1]] as const))
    .map(([left, top, right, down]) => ({
      left,
      top,
      right,
      down,
      across: Math.ceil((width - left) / right),
      rows: Math.ceil((height - top) / down),
    }))
    .filter(({ across, rows }) => across > 0 && rows > 0);
  const expected = parts.reduce(
    (sum, { across, rows }) => sum + rows * (rowLength(across, bitsPerPixel) + 1),
    0,
  );
  let raw: Buffer;
  try {
    raw = inflateSync(packed, { maxOutputLength: expected });
  } catch {
    return null;
  }
  if (raw.length !== expected) return null;

  const rgba = Buffer.alloc(width * height * 4);
  let at = 0;
  for (const { left, top, right, down, across, rows } of parts) {
    const length = rowLength(across, bitsPerPixel);
    let above: Buffer = Buffer.alloc(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      if (!unfilter(raw[at] ?? 5, line, above, Math.max(1, bitsPerPixel >> 3))) return null;
      const from = ((top + row * down) * width + left) * 4;
      if (!paint(line, across, header, colours, rgba, from, right * 4)) return null;
      above = line;
      at += length + 1;
    }
  }
  return { width, height, rgba };
}

function chunksOf(bytes: Buffer): Map<string, Buffer[]> {
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    chunks.set(type, [...(chunks.get(type) ?? []), body]);
    at += 12 + length;
  }
  return chunks;
}

function readHeader(body: Buffer): Header | null {
  if (body.length !== 13) return null;
  return {
    width: body.readUInt32BE(0),
    height: body.readUInt32BE(4),
    depth: body.readUInt8(8),
    colour: body.readUInt8(9),
    interlaced: body.readUInt8(12) === 1,
  };
}

const rowLength = (across: number, bitsPerPixel: number) => Math.ceil((across * bitsPerPixel) / 8);

/** Takes back what the row was filtered with, in place: https://www.w3.org/TR/png-3/#9Filters */
function unfilter(filter: number, line: Buffer, above: Buffer, step: number): boolean {
  if (filter > 4) return false;
  for (let at = 0; at < line.length && filter !== 0; at++) {
    const left = at >= step ? (line[at - step] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= step ? (above[at - step] ?? 0) : 0;
    const guess =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    line[at] = ((line[at] ?? 0) + guess) & 255;
  }
  return true;
}

function paeth(left: number, up: number, corner: number): number {
  const fromLeft = Math.abs(up - corner);
  const fromUp = Math.abs(left - corner);
  const fromCorner = Math.abs(left + up - 2 * corner);
  if (fromLeft <= fromUp && fromLeft <= fromCorner) return left;
  return fromUp <= fromCorner ? up : corner;
}

/** The samples of a row, one number each, as its depth has them. */
function samplesOf(line: Buffer, count: number, depth: number): Uint8Array | Uint16Array {
  if (depth === 8) return line;
  const samples = new Uint16Array(count);
  const most = (1 << depth) - 1;
  for (let place = 0; place < count; place++) {
    const bit = place * depth;
    samples[place] =
      depth === 16 ? line.readUInt16BE(place * 2) : ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & most;
  }
  return samples;
}

/** Writes a row of pixels to where it belongs; false for a colour that the palette does not have. */
function paint(
  line: Buffer,
  across: number,
  { depth, colour }: Header,
  { palette, transparent }: Colours,
  rgba: Buffer,
  from: number,
  step: number,
): boolean {
  const channels = channelsOf[colour] ?? 1;
  const samples = samplesOf(line, across * channels, depth);
  const most = (1 << depth) - 1;
  const byte = (value: number) =>
    depth === 16 ? value >> 8 : depth === 8 ? value : Math.round((value * 255) / most);
  // One colour may stand for nothing at all.
  const nothing = transparent && transparent.length === channels * 2 ? transparent : null;
  for (let column = 0; column < across; column++) {
    const at = from + column * step;
    const place = column * channels;
    if (colour === 3) {
      const index = samples[place] ?? 0;
      if (!palette || index * 3 + 3 > palette.length) return false;
      palette.copy(rgba, at, index * 3, index * 3 + 3);
      rgba[at + 3] = transparent?.[index] ?? 255;
      continue;
    }
    const isGrey = colour === 0 || colour === 4;
    const red = samples[place] ?? 0;
    const green = isGrey ? red : (samples[place + 1] ?? 0);
    const blue = isGrey ? red : (samples[place + 2] ?? 0);
    rgba[at] = byte(red);
    rgba[at + 1] = byte(green);
    rgba[at + 2] = byte(blue);
    const isNothing =
      nothing !== null &&
      nothing.readUInt16BE(0) === red &&
      (isGrey || (nothing.readUInt16BE(2) === green && nothing.readUInt16BE(4) === blue));
    rgba[at + 3] = colour >= 4 ? byte(samples[place + channels - 1] ?? 0) : isNothing ? 0 : 255;
  }
  return true;
}
