import { describe, expect, test } from "vitest";
import { jpeg } from "../examine/jpeg.ts";
import { sizeRejection } from "../examine/picture.ts";
import { hasSecondType } from "../examine/second_type.ts";
import { webp } from "../examine/webp.ts";
import { bytesOf, jpegSample, webpSample } from "./samples.ts";

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
    [
      "a size under a mark that is none",
      bytesOf(start, segment(0xbf, size), frame, scan, data, end),
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
