import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { png } from "../examine/png.ts";
import { decodePng } from "../pictures/decode_png.ts";
import { drawnSignature, LARGEST_SIGNATURE } from "../pictures/drawn_signature.ts";
import { encodePng } from "../pictures/encode_png.ts";
import { jpegSample, pngChunk, pngSample } from "./samples.ts";

type Shape = { width: number; height: number; depth: number; colour: number; interlaced?: boolean };

const mark = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** A file of these rows, each with its filter byte in front. */
function fileOf(
  { width, height, depth, colour, interlaced = false }: Shape,
  rows: Buffer,
  ...before: Buffer[]
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    mark,
    pngChunk("IHDR", header),
    ...before,
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

const rgbaOf = (file: Buffer) => [...(decodePng(file)?.rgba ?? [])];

describe("the pixels of a PNG (CNS-05, SPC-04)", () => {
  test.each<[string, Shape, number[], Buffer[], number[]]>([
    [
      "grey of one bit",
      { width: 2, height: 1, depth: 1, colour: 0 },
      [0, 0b10000000],
      [],
      [255, 255, 255, 255, 0, 0, 0, 255],
    ],
    [
      "grey of two bits",
      { width: 2, height: 1, depth: 2, colour: 0 },
      [0, 0b01110000],
      [],
      [85, 85, 85, 255, 255, 255, 255, 255],
    ],
    [
      "grey of four bits",
      { width: 2, height: 1, depth: 4, colour: 0 },
      [0, 0x1f],
      [],
      [17, 17, 17, 255, 255, 255, 255, 255],
    ],
    [
      "grey of 16 bits",
      { width: 1, height: 1, depth: 16, colour: 0 },
      [0, 0x12, 0x34],
      [],
      [0x12, 0x12, 0x12, 255],
    ],
    [
      "grey of which one stands for nothing",
      { width: 2, height: 1, depth: 8, colour: 0 },
      [0, 7, 8],
      [pngChunk("tRNS", Buffer.from([0, 7]))],
      [7, 7, 7, 0, 8, 8, 8, 255],
    ],
    ["colours", { width: 1, height: 1, depth: 8, colour: 2 }, [0, 1, 2, 3], [], [1, 2, 3, 255]],
    [
      "colours of 16 bits",
      { width: 1, height: 1, depth: 16, colour: 2 },
      [0, 1, 9, 2, 9, 3, 9],
      [],
      [1, 2, 3, 255],
    ],
    [
      "a colour that stands for nothing",
      { width: 2, height: 1, depth: 8, colour: 2 },
      [0, 1, 2, 3, 1, 2, 4],
      [pngChunk("tRNS", Buffer.from([0, 1, 0, 2, 0, 3]))],
      [1, 2, 3, 0, 1, 2, 4, 255],
    ],
    [
      "a palette with a part that one sees through",
      { width: 2, height: 1, depth: 4, colour: 3 },
      [0, 0x01],
      [pngChunk("PLTE", Buffer.from([9, 8, 7, 6, 5, 4])), pngChunk("tRNS", Buffer.from([50]))],
      [9, 8, 7, 50, 6, 5, 4, 255],
    ],
    ["grey with opacity", { width: 1, height: 1, depth: 8, colour: 4 }, [0, 5, 6], [], [5, 5, 5, 6]],
    ["colours with opacity", { width: 1, height: 1, depth: 8, colour: 6 }, [0, 1, 2, 3, 4], [], [1, 2, 3, 4]],
  ])("%s", (_name, shape, row, before, expected) => {
    expect(rgbaOf(fileOf(shape, Buffer.from(row), ...before))).toEqual(expected);
  });

  test("every filter is taken back", () => {
    const rows = Buffer.from([1, 10, 1, 1, 2, 1, 1, 1, 3, 10, 2, 3, 4, 1, 1, 1, 0, 9, 9, 9]);
    const grey = rgbaOf(fileOf({ width: 3, height: 5, depth: 8, colour: 0 }, rows)).filter(
      (_, place) => place % 4 === 0,
    );
    expect(grey).toEqual([10, 11, 12, 11, 12, 13, 15, 15, 17, 16, 17, 18, 9, 9, 9]);
  });

  test("an interlaced picture has the same pixels", () => {
    const side = 5;
    const value = (x: number, y: number) => x * 20 + y;
    const passes = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ];
    const rows = passes.flatMap(([left = 0, top = 0, right = 1, down = 1]) => {
      const across = Array.from({ length: side }, (_, x) => x).filter(
        (x) => x >= left && (x - left) % right === 0,
      );
      return Array.from({ length: side }, (_, y) => y)
        .filter((y) => y >= top && (y - top) % down === 0 && across.length > 0)
        .flatMap((y) => [0, ...across.map((x) => value(x, y))]);
    });
    const shape = { width: side, height: side, depth: 8, colour: 0 };
    const grey = rgbaOf(fileOf({ ...shape, interlaced: true }, Buffer.from(rows))).filter(
      (_, place) => place % 4 === 0,
    );
    expect(grey).toEqual(
      Array.from({ length: side * side }, (_, at) => value(at % side, Math.floor(at / side))),
    );
  });

  test.each<[string, Shape, number[], Buffer[]]>([
    ["fewer rows than the header says", { width: 1, height: 2, depth: 8, colour: 0 }, [0, 1], []],
    ["more than it says", { width: 1, height: 1, depth: 8, colour: 0 }, [0, 1, 0, 1], []],
    ["a filter that there is not", { width: 1, height: 1, depth: 8, colour: 0 }, [5, 1], []],
    ["a palette that is missing", { width: 1, height: 1, depth: 8, colour: 3 }, [0, 0], []],
    [
      "a colour beyond the palette",
      { width: 1, height: 1, depth: 8, colour: 3 },
      [0, 1],
      [pngChunk("PLTE", Buffer.from([1, 2, 3]))],
    ],
  ])("are none for %s", (_name, shape, rows, before) => {
    expect(decodePng(fileOf(shape, Buffer.from(rows), ...before))).toBeNull();
  });
});

describe("the picture of a signature is written anew (CNS-05, SPC-04)", () => {
  test("with the same pixels, whole, and the same bytes each time", async () => {
    const file = pngSample(16);
    const written = (await drawnSignature(file)) as Buffer;
    expect(Buffer.isBuffer(written)).toBe(true);
    expect(decodePng(written)).toEqual(decodePng(file));
    expect(await png.read(written)).toBeNull();
    expect(await drawnSignature(written)).toEqual(written);
  });

  test("without anything else that the file carried: no text, no time, no profile", async () => {
    const canary = "drawn in 1374 ms with the left hand";
    const text = pngChunk("tEXt", Buffer.from(`Comment\0${canary}`, "latin1"));
    const time = pngChunk("tIME", Buffer.from([7, 235, 3, 8, 7, 0, 0]));
    const written = (await drawnSignature(pngSample(8, [text, time]))) as Buffer;
    expect(written.includes(canary)).toBe(false);
    expect(written.includes("tIME")).toBe(false);
    expect(written.includes("tEXt")).toBe(false);
  });

  test.each<[string, () => Buffer, string]>([
    [
      "wide",
      () => fileOf({ width: LARGEST_SIGNATURE.width + 1, height: 1, depth: 1, colour: 0 }, Buffer.alloc(202)),
      "too_many_pixels",
    ],
    [
      "high",
      () =>
        fileOf({ width: 1, height: LARGEST_SIGNATURE.height + 1, depth: 1, colour: 0 }, Buffer.alloc(1602)),
      "too_many_pixels",
    ],
    ["heavy", () => Buffer.concat([pngSample(4), Buffer.alloc(LARGEST_SIGNATURE.bytes)]), "too_many_pixels"],
    [
      "a bomb: small pixels that unpack to more",
      () => fileOf({ width: 4, height: 4, depth: 8, colour: 0 }, Buffer.alloc(4_000_000)),
      "inflates_too_far",
    ],
    ["a JPEG", () => jpegSample, "type_mismatch"],
    ["words", () => Buffer.from("M 0 0 L 1 1"), "type_mismatch"],
    [
      "an SVG",
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
      "type_mismatch",
    ],
    ["cut off", () => pngSample(4).subarray(0, 60), "truncated"],
    [
      "rows that do not fit",
      () => fileOf({ width: 2, height: 2, depth: 8, colour: 0 }, Buffer.from([0, 1, 2])),
      "malformed",
    ],
  ])("and refused when it is %s", async (_name, file, rejection) => {
    expect(await drawnSignature(file())).toBe(rejection);
  });

  test("noise that would fill the table is no signature", async () => {
    const { width, height } = LARGEST_SIGNATURE;
    let seed = 1;
    const row = Math.ceil(width / 8) + 1;
    const rows = Buffer.alloc(height * row);
    for (let at = 0; at < rows.length; at++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      rows[at] = at % row === 0 ? 0 : seed >> 16;
    }
    expect(await drawnSignature(fileOf({ width, height, depth: 1, colour: 0 }, rows))).toBe("too_complex");
  });
});

test("a file of pixels is a PNG that others read (CNS-05)", async () => {
  const rgba = Buffer.from(Array.from({ length: 3 * 2 * 4 }, (_, at) => (at * 37) % 256));
  const file = encodePng({ width: 3, height: 2, rgba });
  expect(await png.read(file)).toBeNull();
  expect(decodePng(file)).toEqual({ width: 3, height: 2, rgba });
});
