import { constants, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflatedLength } from "../examine/inflated.ts";
import { jpeg } from "../examine/jpeg.ts";
import { sizeRejection } from "../examine/picture.ts";
import { png } from "../examine/png.ts";
import { hasSecondType } from "../examine/second_type.ts";
import { webp } from "../examine/webp.ts";
import { jpegSample, pngChunk, webpSample } from "./samples.ts";

const bytesOf = (...parts: (number[] | Buffer | string)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );

describe("a size is one that can be opened (FND-13)", () => {
  test.each([
    [1, 1, null],
    [0, 1, "malformed"],
    [1, 0, "malformed"],
    [12_000, 10_000, null],
    [120_000_001, 1, "too_many_pixels"],
  ])("%d × %d: %s", (width, height, rejection) => expect(sizeRejection(width, height)).toBe(rejection));
});

describe("a JPEG is read segment by segment (FND-13)", () => {
  const segment = (marker: number, body: number[] = [], length = body.length + 2) =>
    bytesOf([0xff, marker, length >> 8, length & 0xff], body);
  const size = [8, 0, 10, 0, 20, 1];
  const frame = segment(0xc0, size);
  const [start, scan, end] = [[0xff, 0xd8], segment(0xda, [1, 1, 0]), [0xff, 0xd9]];
  const data = [1, 2, 3];

  test("begins with its mark and one byte more", () => {
    expect(jpeg.begins(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBe(0);
    expect(jpeg.begins(Buffer.from([0xff, 0xd8, 0xff]))).toBe(-1);
    expect(jpeg.begins(Buffer.from([0xff, 0xd8, 0xfe, 0xe0]))).toBe(-1);
  });

  test.each<[string, Buffer, string | null]>([
    ["a frame, a scan, an end", bytesOf(start, frame, scan, data, end), null],
    ["NULs behind the end", bytesOf(start, frame, scan, data, end, [0, 0, 0]), null],
    ["a byte behind the end", bytesOf(start, frame, scan, data, end, [0, 1]), "second_type"],
    ["padding between segments", bytesOf(start, [0xff, 0xff], frame, [0xff], scan, data, end), null],
    ["no end", bytesOf(start, frame, scan, data), "truncated"],
    ["no scan at all", bytesOf(start, frame), "truncated"],
    ["an end without a scan", bytesOf(start, frame, end), "malformed"],
    ["an end without a frame", bytesOf(start, segment(0xe0), end), "malformed"],
    ["a scan before the frame", bytesOf(start, scan, data, frame, end), "malformed"],
    ["no mark where one must be", bytesOf(start, [0, 0xc0], frame), "malformed"],
    ["a beginning in the middle", bytesOf(start, frame, start, scan, data, end), "malformed"],
    ["a mark that is none", bytesOf(start, segment(0xbf), frame, scan, data, end), "malformed"],
    ["a mark and no length", bytesOf(start, frame, [0xff, 0xe0, 0]), "malformed"],
    ["an empty segment up to the end", bytesOf(start, frame, segment(0xe0)), "truncated"],
    ["a frame beyond the end", bytesOf(start, segment(0xc0, [8, 0], 17)), "truncated"],
    ["a frame of no width up to the end", bytesOf(start, segment(0xc0, [8, 0, 10, 0, 0, 1])), "malformed"],
    [
      "a scan shorter than its length",
      bytesOf(start, frame, segment(0xda, [1, 1, 0], 1), data, end),
      "malformed",
    ],
    ["data that is padded", bytesOf(start, frame, scan, [0xff, 0xff, 0, 0xff, 0xff, 0xd0], end), null],
    ["a mark in data that is none", bytesOf(start, frame, scan, [0xff, 1], end), "malformed"],
    ["a beginning in data", bytesOf(start, frame, scan, [0xff, 0xd8], end), "malformed"],
    [
      "a frame behind data",
      bytesOf(start, frame, scan, segment(0xcf, [8, 0, 10, 0, 0, 1]), scan, end),
      "malformed",
    ],
    ["a segment beyond the end", bytesOf(start, segment(0xe0, [1], 100)), "truncated"],
    ["a segment up to the end", bytesOf(start, frame, segment(0xe0, [1])), "truncated"],
    [
      "a segment shorter than its length",
      bytesOf(start, segment(0xe0, [1], 1), frame, scan, data, end),
      "malformed",
    ],
    ["an empty segment", bytesOf(start, segment(0xe0), frame, scan, data, end), null],
    [
      "a frame without room for a size",
      bytesOf(start, segment(0xc0, size.slice(0, 5)), scan, data, end),
      "malformed",
    ],
    ["a frame of no width", bytesOf(start, segment(0xc0, [8, 0, 10, 0, 0, 1]), scan, data, end), "malformed"],
    [
      "a frame of no height",
      bytesOf(start, segment(0xc0, [8, 0, 0, 0, 20, 1]), scan, data, end),
      "malformed",
    ],
    [
      "a frame too large",
      bytesOf(start, segment(0xc0, [8, 255, 255, 255, 255, 1]), scan, data, end),
      "too_many_pixels",
    ],
    [
      "data that looks like marks",
      bytesOf(start, frame, scan, [0xff, 0, 0xff, 0xd0, 0xff, 0xd7, 0xff], end),
      null,
    ],
    ["a scan that stops in a mark", bytesOf(start, frame, scan, [1, 0xff]), "truncated"],
    ["two scans", bytesOf(start, frame, scan, data, scan, data, end), null],
  ])("%s", (_, bytes, rejection) => expect(jpeg.read(bytes)).toBe(rejection));

  test.each([0xc0, 0xc1, 0xc2, 0xcf])("a frame is marked by %i", (marker) => {
    expect(jpeg.read(bytesOf(start, segment(marker, size), scan, data, end))).toBeNull();
  });
  test.each([0xc4, 0xc8, 0xcc, 0xd0, 0xe0])("%i marks no frame", (marker) => {
    expect(jpeg.read(bytesOf(start, segment(marker, size), scan, data, end))).toBe("malformed");
  });
  test("the one of libjpeg is whole", () => expect(jpeg.read(jpegSample)).toBeNull());
});

describe("a WebP is read chunk by chunk (FND-13)", () => {
  const number = (value: number, bytes: number) => {
    const written = Buffer.alloc(bytes);
    written.writeUIntLE(value, 0, bytes);
    return written;
  };
  const chunk = (type: string, body: Buffer | number[], length = body.length) =>
    bytesOf(type, number(length, 4), Buffer.from(body), body.length % 2 ? [0] : []);
  const file = (...chunks: Buffer[]) => {
    const body = bytesOf("WEBP", ...chunks);
    return bytesOf("RIFF", number(body.length, 4), body);
  };
  const lossy = (width: number, height: number) =>
    chunk("VP8 ", bytesOf([0, 0, 0, 0x9d, 0x01, 0x2a], number(width, 2), number(height, 2)));
  const lossless = (width: number, height: number) =>
    chunk("VP8L", bytesOf([0x2f], number(width - 1 + (height - 1) * 2 ** 14, 4)));
  const extended = (width: number, height: number) =>
    chunk("VP8X", bytesOf([0, 0, 0, 0], number(width - 1, 3), number(height - 1, 3)));

  test("begins with both of its marks", () => {
    expect(webp.begins(webpSample)).toBe(0);
    expect(webp.begins(Buffer.from("RIFF0000WAVE"))).toBe(-1);
    expect(webp.begins(Buffer.from("RIFX0000WEBP"))).toBe(-1);
  });

  test.each<[string, Buffer, string | null]>([
    ["lossy", file(lossy(10, 20)), null],
    ["lossless", file(lossless(10, 20)), null],
    ["extended", file(extended(10, 20), lossy(10, 20)), null],
    ["with a chunk that we do not know", file(chunk("EXIF", [1, 2, 3]), lossy(10, 20)), null],
    ["without a picture", file(chunk("EXIF", [1, 2, 3, 4])), "malformed"],
    ["empty", file(), "malformed"],
    ["with an empty chunk at its end", file(lossy(10, 20), chunk("EXIF", [])), null],
    ["too short for a chunk", bytesOf("RIFF", number(11, 4), "WEBPVP8"), "truncated"],
    ["shorter than it says", file(lossy(10, 20)).subarray(0, -1), "truncated"],
    ["longer than it says", bytesOf(file(lossy(10, 20)), [0]), "second_type"],
    ["of an odd length", bytesOf("RIFF", number(23, 4), "WEBP", lossy(10, 20), [0]), "malformed"],
    ["a chunk beyond the end", file(lossy(10, 20), chunk("EXIF", [1, 2], 40)), "malformed"],
    ["a rest that is no chunk", file(lossy(10, 20), Buffer.alloc(6)), "malformed"],
    ["lossy of no width", file(lossy(0, 20)), "malformed"],
    ["lossy of no height", file(lossy(10, 0)), "malformed"],
    ["lossy with bits for scaling", file(lossy(10 + 0x4000, 20 + 0xc000)), null],
    ["lossy too short", file(chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 1, 0])), "malformed"],
    ["lossy, too short by a byte", file(chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 1, 0, 1], 9)), "malformed"],
    ["lossy without its mark", file(chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2b, 1, 0, 1, 0])), "malformed"],
    ["lossless too short", file(chunk("VP8L", [0x2f, 0, 0, 0])), "malformed"],
    ["lossless without its mark", file(chunk("VP8L", [0x2e, 0, 0, 0, 0])), "malformed"],
    ["lossless, the largest there is", file(lossless(16_384, 16_384)), "too_many_pixels"],
    ["extended too short", file(chunk("VP8X", [0, 0, 0, 0, 9, 0, 0, 9, 0])), "malformed"],
    ["extended too large", file(extended(12_001, 10_000), lossy(1, 1)), "too_many_pixels"],
    ["extended, just as large as it may be", file(extended(12_000, 10_000), lossy(1, 1)), null],
  ])("%s", (_, bytes, rejection) => expect(webp.read(bytes)).toBe(rejection));
});

describe("a PNG is read chunk by chunk (FND-13)", () => {
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const header = (width: number, height: number, rest = [8, 2, 0, 0, 0]) => {
    const body = Buffer.alloc(8 + rest.length);
    body.writeUInt32BE(width, 0);
    body.writeUInt32BE(height, 4);
    body.set(rest, 8);
    return pngChunk("IHDR", body);
  };
  const pixels = (unpacked: number) => pngChunk("IDAT", deflateSync(Buffer.alloc(unpacked)));
  const end = pngChunk("IEND", Buffer.alloc(0));
  const file = (...chunks: Buffer[]) => bytesOf(signature, ...chunks);

  test("begins with its mark", () => {
    expect(png.begins(signature)).toBe(0);
    expect(png.begins(signature.subarray(0, 7))).toBe(-1);
  });

  test.each<[string, Buffer, string | null]>([
    ["whole", file(header(2, 2), pixels(14), end), null],
    ["pixels in two pieces", file(header(2, 2), ...split(deflateSync(Buffer.alloc(14))), end), null],
    ["one byte of pixels more", file(header(2, 2), pixels(15), end), "inflates_too_far"],
    ["no header", file(pixels(14), end), "malformed"],
    ["two headers", file(header(2, 2), header(2, 2), pixels(14), end), "malformed"],
    ["a short header", file(header(2, 2, [8, 2, 0, 0]), pixels(14), end), "malformed"],
    ["a long header", file(header(2, 2, [8, 2, 0, 0, 0, 0]), pixels(14), end), "malformed"],
    ["another way to pack", file(header(2, 2, [8, 2, 1, 0, 0]), pixels(14), end), "malformed"],
    ["another filter", file(header(2, 2, [8, 2, 0, 1, 0]), pixels(14), end), "malformed"],
    ["another way to interlace", file(header(2, 2, [8, 2, 0, 0, 2]), pixels(14), end), "malformed"],
    ["no pixels", file(header(2, 2), end), "malformed"],
    ["pixels that are no zlib", file(header(2, 2), pngChunk("IDAT", Buffer.from("none")), end), "malformed"],
    [
      "an end that holds something",
      file(header(2, 2), pixels(14), pngChunk("IEND", Buffer.from("x"))),
      "malformed",
    ],
    ["something behind the end", file(header(2, 2), pixels(14), end, Buffer.from([0])), "second_type"],
    ["no end", file(header(2, 2), pixels(14)), "truncated"],
    ["cut in the last chunk", file(header(2, 2), pixels(14), end).subarray(0, -1), "truncated"],
    ["no width", file(header(0, 2), pixels(14), end), "malformed"],
    ["no height", file(header(2, 0), pixels(14), end), "malformed"],
    ["64 MB, to the byte", file(header(4_194_304 - 1, 16, [8, 0, 0, 0, 0]), pixels(14), end), null],
    [
      "a byte more than 64 MB",
      file(header(67_108_864, 1, [8, 0, 0, 0, 0]), pixels(14), end),
      "too_many_pixels",
    ],
  ])("%s", async (_, bytes, rejection) => expect(await png.read(bytes)).toBe(rejection));

  /** https://www.w3.org/TR/png-3/#table111 */
  const allowed: Record<number, number[]> = {
    0: [1, 2, 4, 8, 16],
    2: [8, 16],
    3: [1, 2, 4, 8],
    4: [8, 16],
    6: [8, 16],
  };
  const channels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "colour type %i has its depths, and rows of their length",
    async (colour) => {
      for (const depth of [0, 1, 2, 3, 4, 8, 16, 32]) {
        const row = Math.ceil((9 * depth * (channels[colour] ?? 0)) / 8) + 1;
        const at = (unpacked: number) => file(header(9, 3, [depth, colour, 0, 0, 0]), pixels(unpacked), end);
        const isAllowed = allowed[colour]?.includes(depth) ?? false;
        expect(await png.read(at(3 * row)), `${depth} bits`).toBe(isAllowed ? null : "malformed");
        if (isAllowed) expect(await png.read(at(3 * row + 1)), `${depth} bits`).toBe("inflates_too_far");
      }
    },
  );

  test("interlaced, there is room for the rows of seven passes", async () => {
    const at = (unpacked: number) => file(header(9, 3, [8, 0, 0, 0, 1]), pixels(unpacked), end);
    expect(await png.read(at(30 + 24 + 8 * 17))).toBeNull();
    expect(await png.read(at(30 + 24 + 8 * 17 + 1))).toBe("inflates_too_far");
  });

  const far = deflateSync(Buffer.alloc((8 << 20) + 1));
  const most = deflateSync(Buffer.alloc(8 << 20));
  test.each<[string, string, string, boolean]>([
    ["a profile", "iCCP", "icc\0\0", true],
    ["a packed text", "zTXt", "Comment\0\0", true],
    ["an international text", "iTXt", "Comment\0\x01\0ro\0wort\0", true],
    ["an international text that is not packed", "iTXt", "Comment\0\0\0ro\0wort\0", false],
    ["an international text that ends in its language", "iTXt", "Comment\0\x01\0ro", false],
    ["a plain text", "tEXt", "Comment\0", false],
    ["what only reads like an international text", "prVt", "Comment\0\x01\0ro\0wort\0", false],
  ])("%s is measured where it is packed", async (_, type, start, isPacked) => {
    const withText = (packed: Buffer) =>
      file(header(2, 2), pngChunk(type, bytesOf(start, packed)), pixels(14), end);
    expect(await png.read(withText(most))).toBeNull();
    expect(await png.read(withText(far))).toBe(isPacked ? "inflates_too_far" : null);
    expect(await png.read(withText(Buffer.from("no zlib")))).toBeNull();
  });

  test("a text whose keyword does not end holds nothing that is packed", async () => {
    const settings = { strategy: constants.Z_FIXED, memLevel: 9 };
    const packed = deflateSync(Buffer.alloc((8 << 20) + 1_000, "a"), settings).subarray(0, -6);
    expect(packed.includes(0)).toBe(false);
    expect(await inflatedLength(packed, 8 << 20)).toBe((8 << 20) + 1);
    const withText = file(header(2, 2), pngChunk("zTXt", bytesOf("C", packed)), pixels(14), end);
    expect(await png.read(withText)).toBeNull();
  });

  test("every chunk has its checksum", async () => {
    const whole = file(header(2, 2), pngChunk("tEXt", Buffer.from("a\0b")), pixels(14), end);
    for (const at of [whole.indexOf("tEXt") + 6, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await png.read(changed)).toBe("malformed");
    }
  });

  function split(packed: Buffer): Buffer[] {
    return [pngChunk("IDAT", packed.subarray(0, 5)), pngChunk("IDAT", packed.subarray(5))];
  }
});

describe("what comes out of zlib is counted (FND-13)", () => {
  const packed = (length: number) => deflateSync(Buffer.alloc(length));
  test.each([0, 1, 1_000, 4 << 20, (4 << 20) + 1, 9 << 20])("%d bytes", async (length) => {
    expect(await inflatedLength(packed(length), length)).toBe(length);
    expect(await inflatedLength(packed(length), length + 1)).toBe(length);
    expect(await inflatedLength(packed(length + 1), length)).toBe(length + 1);
    expect(await inflatedLength(packed(length + 1_000_000), length)).toBe(length + 1);
  });
  test("what is cut off is as long as what comes out, and what is no zlib has no length", async () => {
    const bytes = deflateSync(Buffer.from("a".repeat(100)), { level: 0 });
    expect(await inflatedLength(bytes.subarray(0, 57), 1_000)).toBe(50);
    expect(await inflatedLength(Buffer.from("none"), 1_000)).toBeNull();
    const large = packed(9 << 20);
    expect(await inflatedLength(large.subarray(0, -3), 10 << 20)).toBe(9 << 20);
    // A hundred blocks of 65,535 bytes as they are, and one whose length is wrong.
    const block = bytesOf([0, 0xff, 0xff, 0, 0], Buffer.alloc(65_535));
    const stored = bytesOf([0x78, 0x01], ...Array.from({ length: 100 }, () => block), [0, 1, 2, 3, 4]);
    const read = await inflatedLength(stored, 10 << 20);
    expect(read).toBeGreaterThan(6_000_000);
    expect(read).toBeLessThanOrEqual(100 * 65_535);
  });
});

describe("a second type is found where others look for it (FND-13)", () => {
  const free = Buffer.alloc(40_000, "x");
  const at = (place: number, mark: string | Buffer) => {
    const bytes = Buffer.from(free);
    bytes.set(Buffer.from(mark as string, "latin1"), place);
    return bytes;
  };
  test("nothing is found in nothing", () => {
    expect(hasSecondType(free)).toBe(false);
    expect(hasSecondType(Buffer.alloc(0))).toBe(false);
  });
  test.each<[string, number, boolean]>([
    ["<svg>", 4_091, true],
    ["<svg>", 4_093, false],
    ["<script>", 30_000, true],
    ["DICM", 128, true],
    ["DICM", 129, false],
    ["ustar", 257, true],
    ["ustar", 256, false],
    ["CD001", 32_769, true],
    ["CD001", 32_768, false],
    ["Rar!\x1a\x07", 20_000, true],
    ["Rar!\x1a\x08", 20_000, false],
    ["7z\xbc\xaf\x27\x1c", 20_000, true],
  ])("%j at %d: %s", (mark, place, isFound) => expect(hasSecondType(at(place, mark))).toBe(isFound));

  /** The end of a ZIP's directory, as far in front of the end of the file as its comment is long. */
  const zip = ({ entries = 1, size = 46, entry = "PK\x01\x02", comment = 0, gap = 0 } = {}) => {
    const directory = Buffer.alloc(46);
    directory.write(entry, "latin1");
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", "latin1");
    end.writeUInt16LE(entries, 10);
    end.writeUInt32LE(size, 12);
    end.writeUInt32LE(1, 16);
    return bytesOf(free, directory, Buffer.alloc(gap), end, Buffer.alloc(comment, "c"));
  };
  test.each<[string, Buffer, boolean]>([
    ["a directory of one", zip(), true],
    ["with the longest comment", zip({ comment: 65_535 }), true],
    ["with a comment that no reader looks behind", zip({ comment: 65_536 }), false],
    ["that leads to no entry", zip({ entry: "PK\x01\x03" }), false],
    ["that leads somewhere else", zip({ size: 45 }), false],
    ["that leads in front of the file", zip({ size: 1_000_000 }), false],
    ["that leads to a byte in front of the file", zip({ size: 40_000 + 46 + 1 }), false],
    ["of nothing, and nothing else", bytesOf("PK\x05\x06", Buffer.alloc(18)), true],
    ["that says it is empty and is not", zip({ entries: 0 }), false],
    ["of ZIP64", zip({ entries: 0xffff, size: 0xffffffff }), true],
    ["an archive of nothing", bytesOf(free, "PK\x05\x06", Buffer.alloc(18)), true],
    ["cut off", bytesOf(free, "PK\x05\x06", Buffer.alloc(17)), false],
    ["a chance in front of it", bytesOf("PK\x05\x06", zip()), true],
    ["at the very beginning", bytesOf("PK\x01\x02", Buffer.alloc(42), zip().subarray(-22)), true],
  ])("a ZIP %s", (_, bytes, isFound) => expect(hasSecondType(bytes)).toBe(isFound));
});
