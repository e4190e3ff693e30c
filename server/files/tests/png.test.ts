import { constants, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflatedLength } from "../examine/inflated.ts";
import { png } from "../examine/png.ts";
import { bytesOf, pngChunk } from "./samples.ts";

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
