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
  const palette = chunks.get("PLTE")?.[0];
  const transparent = chunks.get("tRNS")?.[0];
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
      for (let column = 0; column < across; column++) {
        const pixel = colourAt(line, column, header, palette, transparent);
        if (pixel === null) return null;
        rgba.writeUInt32BE(pixel, ((top + row * down) * width + left + column * right) * 4);
      }
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

/** One pixel as red, green, blue, opacity in one number; null for a colour that the palette does not have. */
function colourAt(
  line: Buffer,
  column: number,
  { depth, colour }: Header,
  palette: Buffer | undefined,
  transparent: Buffer | undefined,
): number | null {
  const channels = channelsOf[colour] ?? 1;
  const sample = (channel: number): number => {
    const place = column * channels + channel;
    if (depth === 16) return line.readUInt16BE(place * 2);
    if (depth === 8) return line[place] ?? 0;
    const bit = place * depth;
    return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  };
  const most = 2 ** depth - 1;
  const byte = (value: number) => (depth === 16 ? value >> 8 : Math.round((value * 255) / most));
  const together = (red: number, green: number, blue: number, opacity: number) =>
    red * 0x1000000 + (green << 16) + (blue << 8) + opacity;

  if (colour === 3) {
    const index = sample(0);
    if (!palette || index * 3 + 3 > palette.length) return null;
    const [red = 0, green = 0, blue = 0] = palette.subarray(index * 3, index * 3 + 3);
    return together(red, green, blue, transparent?.[index] ?? 255);
  }
  const isGrey = colour === 0 || colour === 4;
  const samples = isGrey ? [sample(0), sample(0), sample(0)] : [sample(0), sample(1), sample(2)];
  const [red = 0, green = 0, blue = 0] = samples.map(byte);
  if (colour === 4 || colour === 6) return together(red, green, blue, byte(sample(channels - 1)));
  // One colour may stand for nothing at all.
  const isNothing =
    transparent !== undefined &&
    transparent.length === channels * 2 &&
    Array.from({ length: channels }, (_, channel) => transparent.readUInt16BE(channel * 2)).every(
      (value, channel) => value === samples[channel],
    );
  return together(red, green, blue, isNothing ? 0 : 255);
}
